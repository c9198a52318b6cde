import { textOf, type Button, type Command, type Context, type View } from '../../../bot/define.js';
import { markdown, plain } from '../../../lib/text.js';
import { unitsOf } from '../../../webex/license-units.js';
import { oneLicenseArgument, READ_ACCESS } from '../access.js';
import { licenseOrQuestion } from '../ask.js';
import { openCatalog } from '../catalog.js';
import type { Known } from '../define.js';
import { isCalling, isForWorkspaces, isManaged } from '../kinds.js';
import { drawn, kindText, usageOf } from '../usage.js';

/** `licenses show <license>`: all that Webex tells of one license. */
export const licensesShow: Command = {
  noun: 'licenses', verb: 'show',
  summary: 'Show one license: site, subscription, kind, and how many are used and left',
  examples: ['licenses show "Webex Calling - Standard"', 'licenses show webinars'],
  arguments: [oneLicenseArgument], access: READ_ACCESS, plans: false,
  run: async (context, values) => {
    const found = licenseOrQuestion(context, await openCatalog(context), textOf(values, 'license') ?? '', { title: 'Show', command: 'licenses show', arguments: {} });
    return { kind: 'view', view: 'view' in found ? found.view : showView(context, found.known) };
  },
};

function showView(context: Context, known: Known): View {
  const { license, label, left } = known;
  const number = (n: number | undefined): string => n?.toLocaleString('en-US') ?? 'not told by Webex';
  const { total, isUnlimited } = unitsOf(license);
  const facts = ([
    ['Name', plain(license.name)], ['Site', license.siteUrl], ['Site type', license.siteType], ['Subscription', license.subscriptionId ?? 'none'], ['Kind', kindText(known)],
    ['In all', isUnlimited ? 'unlimited' : number(total)],
    ['Used by people', number(license.consumedByUsers)], ['Used by workspaces', number(license.consumedByWorkspaces)],
    ...(left === undefined ? [] : [['Left', number(left)] as const]), ['Id', license.id],
  ] as const).flatMap(([title, value]) => (value === undefined ? [] : [{ title, value }]));
  const { numbers, color, bar, barColor } = usageOf([known]).map(drawn)[0] ?? { numbers: '', color: 'Default', bar: '', barColor: 'Accent' };
  const notes = [...notesOn(known), 'Counts follow a change after a while.'];
  return {
    audience: 'details',
    markdown: [`**${markdown(label)}**: ${numbers}`, ...facts.map(({ title, value }) => `- ${title}: ${markdown(value, 600)}`), ...notes.map((note) => markdown(note, 300))].join('\n'),
    card: { template: 'licenses/show', data: { organization: context.organization.name, title: label, numbers, color, bar, barColor, facts, notes }, buttons: buttonsFor(known) },
  };
}

/** What Webex's rules mean for whoever wants to assign it. */
function notesOn(known: Known): string[] {
  if (known.kind === 'messenger') return ['It cannot be assigned or removed here: Webex lets only Control Hub do that.'];
  if (isForWorkspaces(known)) return ['It is for workspaces, not for people.'];
  if (known.kind === 'screen-share') return ['It comes with messaging by itself and cannot be removed.'];
  if (isCalling(known)) return ['Who gets it needs a phone number, or an extension and a location.'];
  return known.kind === 'meetings' ? [`Who has it is a host on ${known.license.siteUrl ?? 'its site'}.`] : [];
}

function buttonsFor(known: Known): Button[] {
  const license = known.license.id;
  if (isForWorkspaces(known)) return [];
  return [
    { title: 'Who has it', command: 'licenses users', arguments: { license } },
    { title: 'Who is idle', command: 'licenses idle', arguments: { license } },
    ...(isManaged(known) ? [
      { title: 'Assign…', command: 'licenses assign', arguments: { license }, style: 'positive' } as const,
      { title: 'Remove…', command: 'licenses remove', arguments: { license }, style: 'destructive' } as const,
    ] : []),
  ];
}
