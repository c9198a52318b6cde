import { randomBytes } from 'node:crypto';

/** Where an error may carry the id by which Webex's support finds the call. */
export interface ErrorDetails {
  /** Stable, upper snake case; named in the docs. */
  code: string;
  /** One or two sentences for chat: what was wrong and what to do. Never a token, never a URL's query. */
  message: string;
  cause?: unknown;
}

/** The root of all errors that Steward throws on purpose. Subclasses say who failed. */
export abstract class StewardError extends Error {
  readonly code: string;
  /** Shown in chat and logged, so that the one finds the other. */
  readonly id = randomBytes(4).toString('hex');

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
  }
}

/** The person who asked made a mistake that he can mend himself. */
export class CallerMistake extends StewardError {}

/** Steward itself is wrong. The message is for the log; chat only gets the id. */
export class Bug extends StewardError {
  constructor(message: string, cause?: unknown) {
    super({ code: 'BUG', message, cause });
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
