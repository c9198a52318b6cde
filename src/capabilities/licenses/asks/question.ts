import type { Button, View } from '../../../bot/define.js';
import { count, markdown, plain } from '../../../lib/text.js';
import { timeIn } from '../../../schedules/when.js';
import type { Answered, Ask } from './define.js';

const TITLES: Readonly<Record<Answered, string>> = { keep: 'Keep it', back: 'Give it back' };

/** `Sun 2026-12-13 23:59 (Europe/Berlin)`. */
export function byText({ by, tz }: Pick<Ask, 'by' | 'tz'>): string {
  return `${timeIn(by, tz)} (${plain(tz)})`;
}

/** The card by which somebody is asked. Only he can press it. */
export function questionView(ask: Ask, personId: string): View {
  const title = `Do you still need ${ask.license.label}?`;
  const lines = [
    `${askerOf(ask)} of ${plain(ask.organization.name, 80)} asks, since Webex shows no activity of yours for ${count(ask.days, 'day')}.`,
    'If you keep it, nothing changes. If you give it back, somebody else can use it.',
    `Please answer by ${byText(ask)}. Without an answer it will probably be taken back then.`,
  ];
  return {
    audience: 'private',
    markdown: [`**${markdown(title, 300)}**`, ...lines.map((line) => markdown(line, 500))].join('\n\n'),
    card: { template: 'bot/text', data: { title, lines }, buttons: [buttonOf(ask, personId, 'keep'), buttonOf(ask, personId, 'back')] },
  };
}

/** What is said to an answer. The card stays, so that it can be changed. */
export function answeredView(ask: Ask, answer: Answered): View {
  const label = markdown(ask.license.label);
  const asker = markdown(askerOf(ask));
  const said = answer === 'keep' ? `Thank you: you keep **${label}**, and ${asker} sees that you need it.` : `Thank you: you give **${label}** back. You have it until ${asker} takes it.`;
  return { audience: 'private', markdown: `${said} You can change your answer until ${markdown(byText(ask))} with the other button.` };
}

/** What is said to an answer that comes too late. */
export function lateView(ask: Ask): View {
  return {
    audience: 'private',
    markdown: `It was asked until ${markdown(byText(ask))}, so your answer does not count any more. Please write to ${markdown(askerOf(ask))}.`,
  };
}

function buttonOf({ id }: Ask, only: string, answer: Answered): Button {
  return { title: TITLES[answer], command: 'licenses answer', arguments: { ask: id, answer }, only, ...(answer === 'keep' ? { style: 'positive' as const } : {}) };
}

function askerOf({ asker }: Ask): string {
  return plain(asker.displayName === '' ? asker.email : asker.displayName, 80);
}
