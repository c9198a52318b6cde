import type { Report } from '../../bot/define.js';
import type { ReadClient } from '../../webex/call.js';

/** What the capability is made of. */
export interface ReportsParts {
  /** All reports, also those of other capabilities; asked for when they are needed. */
  reports: () => readonly Report[];
  /** The bot's own client: whether it is in a space that shall get a report. */
  bot: ReadClient;
}

/** A plan and what came of it, as far as the report tells it: a plan of the change engine has all of it. Times are ISO 8601. */
export interface ReportedPlan {
  id: string;
  title: string;
  requester: { displayName: string; email: string };
  createdAt: string;
  state: 'pending' | 'approved' | 'rejected' | 'expired' | 'superseded';
  decision?: { at: string; how?: string };
  change?: {
    state: 'queued' | 'running' | 'paused' | 'done' | 'cancelled';
    finishedAt?: string;
    /** Steps by how they ended. */
    counts?: Record<'done' | 'skipped' | 'conflict' | 'failed' | 'cancelled' | 'left', number>;
  };
}

/** A linked account, as far as the report tells it. */
export interface ReportedAccount {
  displayName: string;
  email: string;
  /** `relink` when Webex no longer takes the grant. */
  state: 'linked' | 'relink';
  linkedAt: string;
  /** When the grant ends unless it is refreshed before (milliseconds since 1970); absent when Webex did not say. */
  refreshEnds?: number | undefined;
}

/** What the reports that are about Steward itself are made of, by organization. */
export interface ReportSources {
  changes(organization: string): Promise<readonly ReportedPlan[]>;
  accounts(organization: string): Promise<readonly ReportedAccount[]>;
}
