import { textOf, type Answer, type Command, type Context, type Values } from '../../../bot/define.js';
import { timeZoneOf, whenArguments, whenWritten, zoneArgument } from '../../../bot/times.js';
import { CallerMistake } from '../../../lib/errors.js';
import { markdown, plain } from '../../../lib/text.js';
import { whenOf } from '../../../schedules/when.js';
import { WebexRefused } from '../../../webex/errors.js';
import * as rooms from '../../../webex/rest/rooms.js';
import type { SpacesParts } from '../define.js';
import { findSpaces } from '../find.js';
import { SYNC_ACCESS, SYNC_JOB } from '../follow.js';

const MOST_CHOICES = 5;

/** `spaces schedule <when> [report=<space>] [tz=]`: an organization has one such schedule; writing it again changes it. */
export function spacesSchedule(parts: SpacesParts): Command {
  return {
    noun: 'spaces', verb: 'schedule',
    summary: 'Let all spaces follow their groups at set times, with a report to a space',
    examples: ['spaces schedule every=12h report="IT Admins"', 'spaces schedule daily at=07:00', 'spaces schedule weekly on=Mon at=08:00 tz=Europe/Berlin'],
    arguments: [
      ...whenArguments,
      { name: 'report', kind: 'text', label: 'Report to', required: false, help: 'the title or id of a space that you and the bot are in; without it, your 1:1' },
      zoneArgument,
    ],
    access: SYNC_ACCESS,
    plans: false,
    run: (context, values) => run(context, parts, values),
  };
}

async function run(context: Context, parts: SpacesParts, values: Values): Promise<Answer> {
  const tz = await timeZoneOf(context, textOf(values, 'tz'));
  const when = whenOf(whenWritten(values), { tz, now: context.clock.now() });
  const report = textOf(values, 'report');
  const found = report === undefined ? undefined : await reportSpace(context, report);
  if (found !== undefined && found.length > 1) return { kind: 'view', view: whichView(context, values, report ?? '', found) };
  const room = found?.[0];
  if (room !== undefined) await checkBot(parts, room);
  const draft = { when, tz, ...(room === undefined ? {} : { space: { id: room.id, title: room.title } }) };
  const [known] = await context.schedules.list(SYNC_JOB);
  const { id } = known === undefined
    ? await context.schedules.add({ job: SYNC_JOB, input: {}, title: 'Spaces follow their groups', ...draft })
    : await context.schedules.change(known.id, draft);
  return { kind: 'run', command: `schedules show ${id}` };
}

/** The group spaces of the caller that are meant: one by its very title or id, else those to choose from. */
async function reportSpace(context: Context, text: string): Promise<rooms.Room[]> {
  const [found] = await findSpaces(context, [text]);
  if (found === undefined || found.candidates.length === 0) {
    throw new CallerMistake({ code: 'UNKNOWN_SPACE', message: `“${plain(text, 80)}” is not the title or id of a space that you are in.` });
  }
  const [first] = found.candidates;
  if (found.fit !== 'exact' && found.candidates.length === 1 && first !== undefined) {
    throw new CallerMistake({ code: 'UNKNOWN_SPACE', message: `No space of yours is called “${plain(text, 80)}”. Do you mean report="${plain(first.title, 80)}"?` });
  }
  return found.candidates;
}

/** Reports are posted by the bot. Webex answers 404 for spaces that it is not in. */
async function checkBot(parts: SpacesParts, room: rooms.Room): Promise<void> {
  try {
    await rooms.get(parts.bot, room.id);
  } catch (error) {
    if (!(error instanceof WebexRefused) || error.status !== 404) throw error;
    throw new CallerMistake({ code: 'BOT_NOT_IN_SPACE', message: `I am not in “${plain(room.title, 80)}”, so I cannot post reports there. Add me to it first, then say this again.` });
  }
}

function whichView(context: Context, values: Values, text: string, found: readonly rooms.Room[]): Extract<Answer, { kind: 'view' }>['view'] {
  const given = Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  const title = `Which space is meant by “${plain(text, 60)}”?`;
  const shown = found.slice(0, MOST_CHOICES);
  const named = (room: rooms.Room): string => `${plain(room.title, 40)}, made ${(room.created ?? '').slice(0, 10)}`;
  return {
    // Which spaces somebody is in is nobody else's business.
    audience: 'private',
    markdown: [`**${markdown(title)}** (${markdown(context.organization.name)})`, ...shown.map((room) => `- ${markdown(named(room))}: report=${markdown(room.id, 600)}`)].join('\n'),
    card: {
      template: 'spaces/summary',
      data: {
        title, organization: context.organization.name, rows: [], notes: [],
        more: found.length > shown.length ? 'More spaces fit: say the whole title, or report= with an id.' : '',
      },
      buttons: shown.map((room) => ({ title: named(room), command: 'spaces schedule', arguments: { ...given, report: room.id } })),
    },
  };
}
