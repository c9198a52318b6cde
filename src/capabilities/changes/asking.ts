import { textOf, type Argument, type Context, type Values } from '../../bot/define.js';
import type { Asking, Person } from '../../changes/engine.js';
import { CallerMistake } from '../../lib/errors.js';
import type { Announcer } from './announce.js';
import type { ChangesParts } from './parts.js';

/** What the commands use. */
export interface CommandParts extends ChangesParts {
  announcer: Announcer;
}

/** The argument by which nearly all of these commands are told which plan or change is meant. */
export const ID_ARGUMENT: Argument = {
  name: 'id', kind: 'text', label: 'Plan or change', required: true, positional: true, help: 'its id, the ten characters that stand on its card',
};

/** Any linked account: whether it may do this is decided by the plan's own steps. */
export const LINKED = { linked: true, scopes: [], roles: [] } as const;

export function callerOf(context: Context): Person {
  const { personId, email, displayName } = context.caller;
  return { personId, email, displayName };
}

/** Who asks about which plan of the organization that the context is about. */
export function askingOf(context: Context, values: Values): Asking {
  const id = textOf(values, 'id')?.trim();
  if (id === undefined) throw new CallerMistake({ code: 'UNKNOWN_PLAN', message: 'Say which plan or change: its id, the ten characters that stand on its card. `changes` shows them all.' });
  return { organization: context.organization.id, id, by: callerOf(context) };
}
