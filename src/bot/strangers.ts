import type { Clock } from '../lib/clock.js';
import { idKey } from '../lib/ids.js';
import type { Caller, Place } from './define.js';
import type { ShellParts } from './ports.js';

const A_DAY_MS = 24 * 60 * 60_000;

/** Answers people who may not use Steward: one polite line, at most once a day, and an entry in the audit log with it. */
export async function answerStranger(
  parts: Pick<ShellParts, 'store' | 'audit'> & { clock: Clock }, caller: Caller, place: Place, reason: string, say: (text: string) => Promise<unknown>,
): Promise<void> {
  if (!(await parts.store.shared.once(`stranger ${idKey(caller.personId)}`, A_DAY_MS))) return;
  await parts.audit.record(undefined, { actor: caller.personId, action: 'message.refused', subject: caller.email, details: { reason, roomId: place.roomId } });
  await say(`Sorry, I cannot do anything for you. ${reason} The people who run me in your company can change that.`);
}
