import type { Context, PersonRef, Posted, Poster } from '../../../bot/define.js';
import type { Owner, Schedules } from '../../../schedules/define.js';

/** What asking people is made of. */
export interface AskParts {
  poster: Poster;
  /** Records under seal of an organization, for what happens outside of a command. */
  sealed(organization: string): Context['sealed'];
  /** The schedules of an organization, as one person makes them. */
  schedules(organization: { id: string; name: string }, owner: Owner): Schedules;
}

/** People are asked whether they still need a license. Sealed record `license-asks/<id>`. */
export interface Ask {
  /** Eight signs; also the id of the schedule that plans what comes of the answers. */
  id: string;
  organization: { id: string; name: string };
  license: { id: string; label: string };
  /** How long they were not active, in days. */
  days: number;
  asker: Owner;
  /** Until when they may answer (ISO 8601), and the time zone in which that is told. */
  by: string;
  tz: string;
}

/** Somebody who was asked. Sealed record `license-asked/<ask>-<key of the person>`. */
export interface Asked {
  ask: string;
  person: PersonRef;
  /** The card that hangs in his 1:1. */
  message: Posted;
  answer?: Answered;
  /** When he answered last (ISO 8601). */
  at?: string;
}

export type Answered = 'keep' | 'back';
