import type { Context, Poster } from '../../bot/define.js';
import type { Asking, ChangeEngine, Person } from '../../changes/engine.js';
import { CallerMistake } from '../../lib/errors.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { textOf, type Argument, type Values } from '../../bot/define.js';
import type { Announcer } from './announce.js';

/** What the changes capability is made of. */
export interface ChangesParts {
  engine: ChangeEngine;
  poster: Poster;
  audit: {
    /** Checks the organization's audit log to its end, against `head` (`<count>:<mac>`) when given. */
    verify(organization: string, head?: string): Promise<{ ok: true; count: number; head: string } | { ok: false; firstBad: number; reason: string }>;
  };
  /** The organization's part of the store, where it is kept which messages belong to which plan. */
  records(organization: string): Context['records'];
  /** The id of the organization's approval space, if one is set. */
  approvalSpace(organization: string): Promise<string | undefined>;
  clock: Clock;
  log: Log;
}

/** What its commands use. */
export interface CommandParts extends ChangesParts {
  announcer: Announcer;
}

/** The argument by which nearly all of these commands are told which plan or change is meant. */
export const ID_ARGUMENT: Argument = {
  name: 'id', kind: 'text', label: 'Plan or change', required: true, positional: true, help: 'the ten signs that stand on its card',
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
  if (id === undefined) throw new CallerMistake({ code: 'UNKNOWN_PLAN', message: 'Say which plan or change: the ten signs that stand on its card. `changes` shows them all.' });
  return { organization: context.organization.id, id, by: callerOf(context) };
}
