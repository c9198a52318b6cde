import { StewardError, type ErrorDetails } from '../lib/errors.js';

interface RefusalDetails extends ErrorDetails {
  status: number;
  trackingId?: string | undefined;
  /** Webex's own words, as they came. Foreign text: escape it on output. */
  words: string;
  /** `errors[0].errorCode`, or an XML exceptionID with its leading zeros. */
  errorCode?: string | undefined;
  /** Seconds until Webex wants to be asked again. */
  retryAfter?: number | undefined;
}

/** Webex answered, and the answer was no. */
export class WebexRefused extends StewardError {
  readonly status: number;
  readonly trackingId: string | undefined;
  readonly words: string;
  readonly errorCode: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(details: RefusalDetails) {
    super(details);
    this.status = details.status;
    this.trackingId = details.trackingId;
    this.words = details.words;
    this.errorCode = details.errorCode;
    this.retryAfter = details.retryAfter;
  }
}

/** No usable answer came: network, timeout, proxy, 5xx after all tries. */
export class WebexUnreachable extends StewardError {
  /** True when a write may have happened all the same; then the truth must be read. */
  readonly mayHaveHappened: boolean;
  /** The status of the last answer, when there was one (5xx, or one that could not be read). */
  readonly status: number | undefined;
  readonly trackingId: string | undefined;
  /** Webex's own words in that answer. Foreign text. */
  readonly words: string;

  constructor(details: ErrorDetails & { mayHaveHappened: boolean; status?: number | undefined; trackingId?: string | undefined; words?: string }) {
    super(details);
    this.mayHaveHappened = details.mayHaveHappened;
    this.status = details.status;
    this.trackingId = details.trackingId;
    this.words = details.words ?? '';
  }
}
