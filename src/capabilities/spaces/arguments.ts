import type { Access, Argument, Values } from '../../bot/define.js';
import { textOf } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain } from '../../lib/text.js';
import { ROLES } from '../../webex/roles.js';
import type { Rule } from './define.js';

/** Rules decide about later changes, so whoever makes one must be somebody who may change members. */
export const RULES_ACCESS: Access = {
  linked: true,
  scopes: ['spark:rooms_read', 'spark:memberships_read', 'identity:groups_read', 'spark-admin:people_read'],
  roles: [ROLES.full, ROLES.users],
};

export type Options = Pick<Rule, 'mode' | 'graceDays' | 'as' | 'moderators' | 'outside'>;

/** What holds for a new rule where nothing else is said. */
export const DEFAULTS: Options = { mode: 'both', graceDays: 0, as: 'me', moderators: 'keep', outside: 'keep' };
export const MODES: readonly Rule['mode'][] = ['both', 'add', 'remove'];
const LONGEST_GRACE = 365;

export const optionArguments: Argument[] = [
  {
    name: 'mode', kind: 'choice', label: 'Mode', required: false, help: 'whether people are added, removed, or both (which is so without it)',
    choices: [{ title: 'Add and remove', value: 'both' }, { title: 'Add only', value: 'add' }, { title: 'Remove only', value: 'remove' }],
  },
  { name: 'grace', kind: 'text', label: 'Grace', required: false, help: 'somebody is removed only after having been in none of the groups for so long, such as 7d' },
  {
    name: 'as', kind: 'choice', label: 'Acts as', required: false, help: 'the account that reads and changes the space: of whoever runs it, or the bot’s',
    choices: [{ title: 'Whoever runs it', value: 'me' }, { title: 'The bot', value: 'bot' }],
  },
  {
    name: 'moderators', kind: 'choice', label: 'Moderators', required: false, help: 'whether moderators who are in none of the groups are kept (which is so without it) or follow the groups',
    choices: [{ title: 'Keep them', value: 'keep' }, { title: 'Follow the groups', value: 'follow' }],
  },
  {
    name: 'outside', kind: 'choice', label: 'People of other organizations', required: false, help: 'whether they are kept (which is so without it) or follow the groups',
    choices: [{ title: 'Keep them', value: 'keep' }, { title: 'Follow the groups', value: 'follow' }],
  },
];

/** The options that were given; those that were not stay as they are. Throws CallerMistake. */
export function optionsOf(values: Values): Partial<Options> {
  const given: Partial<Options> = {};
  const mode = textOf(values, 'mode');
  const grace = textOf(values, 'grace');
  const as = textOf(values, 'as');
  const moderators = textOf(values, 'moderators');
  const outside = textOf(values, 'outside');
  if (mode !== undefined) given.mode = mode as Options['mode'];
  if (grace !== undefined) given.graceDays = daysOf(grace);
  if (as !== undefined) given.as = as as Options['as'];
  if (moderators !== undefined) given.moderators = moderators as Options['moderators'];
  if (outside !== undefined) given.outside = outside as Options['outside'];
  return given;
}

/** `7d`, `7 days`, `2w`, `0`, `none`: whole days. Throws CallerMistake. */
export function daysOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,3})\s*(d|days?|w|weeks?)?$/i.exec(text.trim()) ?? [];
  const days = /^(none|no)$/i.test(text.trim()) ? 0 : number === '' ? NaN : Number(number) * (/^w/i.test(unit) ? 7 : 1);
  if (days <= LONGEST_GRACE) return days;
  throw new CallerMistake({ code: 'GRACE_INVALID', message: `The grace is a number of days up to ${LONGEST_GRACE}, such as grace=7d; it says “${plain(text, 40)}”.` });
}

/** The options of a rule in words, the usual ones left out. */
export function optionsInWords(options: Options): string[] {
  return [
    { both: 'adds and removes', add: 'adds only', remove: 'removes only' }[options.mode],
    ...(options.graceDays === 0 || options.mode === 'add' ? [] : [`removes after ${options.graceDays} ${options.graceDays === 1 ? 'day' : 'days'}`]),
    ...(options.as === 'bot' ? ['acts as the bot'] : []),
    ...(options.moderators === 'follow' ? ['moderators follow the groups too'] : []),
    ...(options.outside === 'follow' ? ['people of other organizations follow the groups too'] : []),
  ];
}

/** The names in a list with commas or semicolons, each once. */
export function namesOf(text: string | undefined): string[] {
  const names = (text ?? '').split(/[,;\n]/).map((name) => name.trim().replace(/\s+/g, ' ')).filter((name) => name !== '');
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}
