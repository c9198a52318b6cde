import type { Context, FileOut, View } from '../../bot/define.js';
import { count, markdown, plain } from '../../lib/text.js';
import { timeIn } from '../../schedules/when.js';
import { fullestFirst, unitsOf, unitsText, type Units } from '../../webex/license-units.js';
import { choiceOf, MOST_CHOICES } from './ask.js';
import type { Kind, Known } from './define.js';

/** A license with what its counts say. */
export interface Usage {
  known: Known;
  units: Units;
}

/** More bars make a card, and a picture, that is taller than a screen. */
const MOST_BARS = 15;
const BAR_LENGTH = 24;

const KINDS: Readonly<Record<Kind, string>> = {
  'calling-professional': 'Webex Calling: Professional', 'calling-standard': 'Webex Calling: Standard', 'calling-workspace': 'Webex Calling: workspaces',
  'attendant-console': 'Webex Calling: Attendant Console', 'cx-essentials': 'Webex Calling: Customer Experience Essentials',
  meetings: 'meetings, host', 'space-meetings': 'meetings in spaces', 'free-meetings': 'meetings in spaces, free', messaging: 'messaging', 'free-messaging': 'messaging, free',
  'screen-share': 'screen share, free', messenger: 'Webex Messenger', workspace: 'devices and workspaces', other: 'no known kind',
};

/** `Webex Calling: Professional`. */
export function kindText({ kind }: Pick<Known, 'kind'>): string {
  return KINDS[kind];
}

/** Licenses with their use, the fullest first; those without a limit come last. */
export function usageOf(all: readonly Known[]): Usage[] {
  return all
    .map((known) => ({ known, units: unitsOf(known.license) }))
    .sort((a, b) => fullestFirst(a.units, b.units) || a.known.label.localeCompare(b.known.label));
}

/** How a usage is drawn on a card: a bar of text, since Webex draws no pictures of ours there. Empty where there is no whole. */
export function drawn({ units }: Usage): { numbers: string; color: string; weight: string; bar: string; barColor: string } {
  const { share, isLow } = units;
  // One sign at least where anything is used, one left where anything is left.
  const rounded = Math.round((share ?? 0) * BAR_LENGTH);
  const full = share === undefined || share <= 0 ? 0 : share >= 1 ? BAR_LENGTH : Math.min(BAR_LENGTH - 1, Math.max(1, rounded));
  return {
    numbers: unitsText(units), color: isLow ? 'Attention' : 'Default', weight: isLow ? 'Bolder' : 'Default',
    bar: share === undefined ? '' : '█'.repeat(full) + '░'.repeat(BAR_LENGTH - full), barColor: isLow ? 'Attention' : 'Accent',
  };
}

/** `Webex Calling: Professional · Sub100417 · 8 by users, 2 by workspaces`; what Webex does not say is left out. Foreign text, cleaned. */
export function detailsOf({ kind, license }: Known): string {
  const { siteUrl, siteType, subscriptionId } = license;
  return [kindText({ kind }), siteUrl, siteType, subscriptionId ?? 'no subscription', usersText(license)].flatMap((part) => (part === undefined ? [] : [plain(part)])).join(' · ');
}

function usersText({ consumedByUsers, consumedByWorkspaces }: Known['license']): string | undefined {
  const parts = [[consumedByUsers, 'by users'], [consumedByWorkspaces, 'by workspaces']] as const;
  const told = parts.flatMap(([n, words]) => (n === undefined ? [] : [`${n.toLocaleString('en-US')} ${words}`]));
  return told.length === 0 ? undefined : told.join(', ');
}

/** The use of all licenses as a card with bars, a text, and a chart. */
export async function usageView(context: Pick<Context, 'organization' | 'clock'>, all: readonly Known[]): Promise<View> {
  const usage = usageOf(all);
  const low = usage.filter(({ units }) => units.isLow).length;
  if (usage.length === 0) return { audience: 'details', markdown: `**${markdown(context.organization.name)}** has no licenses.` };
  const summary = `${count(usage.length, 'license')}, ${low === 0 ? 'none of them nearly used up' : `${low.toLocaleString('en-US')} of them nearly used up`}. The fullest come first; counts follow a change after a while.`;
  const rows = usage.map((one) => ({ name: one.known.label, ...drawn(one), details: detailsOf(one.known) }));
  const more = rows.length > MOST_BARS ? `and ${count(rows.length - MOST_BARS, 'more', 'more')}, all of them in: licenses export` : '';
  const choices = usage.slice(0, MOST_CHOICES).sort((a, b) => a.known.label.localeCompare(b.known.label)).map(({ known }) => choiceOf(known));
  const few = choices.length < usage.length ? `The choice has the fullest ${choices.length} of ${count(usage.length, 'license')}. For another, write “licenses show” with its name.` : '';
  return {
    audience: 'details',
    markdown: [
      `**Licenses of ${markdown(context.organization.name)}**`, summary, '',
      ...rows.map(({ name, numbers, details, weight }) => `- ${markdown(name)}: ${weight === 'Bolder' ? `**${numbers}**` : numbers} (${markdown(details, 300)})`),
    ].join('\n'),
    card: {
      template: 'licenses/usage',
      data: { organization: context.organization.name, summary, rows: rows.slice(0, MOST_BARS), more, few, choices },
      buttons: [
        { title: 'Show', command: 'licenses show', arguments: {} },
        { title: 'Assign…', command: 'licenses assign', arguments: {}, style: 'positive' },
        { title: 'Remove…', command: 'licenses remove', arguments: {}, style: 'destructive' },
        { title: 'Who is idle', command: 'licenses idle', arguments: {} },
      ],
    },
    files: [await chartOf(context, usage)],
  };
}

async function chartOf({ organization, clock }: Pick<Context, 'organization' | 'clock'>, usage: readonly Usage[]): Promise<FileOut> {
  // What draws is large, so the start does not wait for it.
  const { drawBars } = await import('../../cards/chart.js');
  const shown = usage.slice(0, MOST_BARS);
  const which = shown.length < usage.length ? `the fullest ${shown.length} of ${count(usage.length, 'license')}` : count(usage.length, 'license');
  const content = await drawBars({
    title: `License usage of ${plain(organization.name, 40)}`,
    subtitle: `${timeIn(clock.iso(), 'UTC')} UTC · ${which}`,
    bars: shown.map(({ known, units }) => ({ name: known.label, numbers: unitsText(units), share: units.share, isMarked: units.isLow })),
  });
  return { name: 'license-usage.png', content, inline: true };
}
