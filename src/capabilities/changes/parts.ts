import type { Context, Poster } from '../../bot/define.js';
import type { ChangeEngine } from '../../changes/engine.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';

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
