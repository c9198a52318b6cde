import type { Argument, Context } from '../../bot/define.js';
import type { Exemption } from './define.js';
import { findRule } from './rules.js';

/** Of all commands about exemptions. */
export const peopleArgument: Argument = { name: 'people', kind: 'people', label: 'People', required: true, positional: true, help: 'those who stay whatever the groups say' };
export const inArgument: Argument = { name: 'in', kind: 'text', label: 'Only in this space', required: false, help: 'the title of a space that follows groups, or the id of its rule; without it, in all of them' };

/** The space of a rule: its rule was confirmed with its id, so its title is enough here. Throws CallerMistake. */
export async function spaceNamed(context: Context, text: string | undefined): Promise<Exemption['space']> {
  return text === undefined ? undefined : (await findRule(context, text)).space;
}
