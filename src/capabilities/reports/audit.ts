import type { Report } from '../../bot/define.js';
import { count, plain } from '../../lib/text.js';
import * as adminAudit from '../../webex/rest/adminAudit.js';
import type { AdminAuditEvent } from '../../webex/rest/adminAudit.js';
import { ROLES } from '../../webex/roles.js';
import { sinceText } from './period.js';
import { largest, reportView, type Row } from './present.js';

const TOP = 10;

/** What administrators did in Webex: by category, by person, and what failed. */
export const auditReport: Report = {
  name: 'audit',
  title: 'Admin audit digest',
  summary: 'What administrators did in Webex, by category and by person, and what failed',
  // Webex: only a full administrator sees these events.
  access: { linked: true, scopes: ['audit:events_read'], roles: [ROLES.full] },
  make: async (context, { since }) => {
    const digest = await digestOf(adminAudit.list(context.webex, { orgId: context.organization.id, from: since, to: context.clock.iso() }));
    const events = (n: number): string => count(n, 'event');
    return reportView(context, {
      title: 'Admin audit digest',
      summary: digest.total === 0 ? `No events ${sinceText(since)}.` : `${events(digest.total)} ${sinceText(since)}, ${digest.failed === 0 ? 'none failed' : `${digest.failed.toLocaleString('en-US')} failed`}.`,
      sections: [
        { heading: 'By category', ...largest(digest.categories, TOP, events) },
        { heading: 'By person', ...largest(digest.actors, TOP, events) },
        { heading: 'Failed', rows: digest.failures, more: digest.failed - digest.failures.length },
      ],
    });
  },
};

/** Counts by name, and the first failures. */
export interface AuditDigest {
  total: number;
  categories: Map<string, number>;
  actors: Map<string, number>;
  failed: number;
  failures: Row[];
}

/** Reads the events to the end, keeping only counts and the first ten failures. */
export async function digestOf(events: AsyncIterable<AdminAuditEvent>): Promise<AuditDigest> {
  const digest: AuditDigest = { total: 0, categories: new Map(), actors: new Map(), failed: 0, failures: [] };
  for await (const { actorId, data } of events) {
    const actor = actorText(data, actorId);
    digest.total += 1;
    add(digest.categories, categoryText(data.eventCategory));
    add(digest.actors, actor);
    if (data.errorCode === undefined && data.errorMessage === undefined) continue;
    digest.failed += 1;
    if (digest.failures.length < TOP) digest.failures.push({ name: actor, value: failureText(data), isMarked: true });
  }
  return digest;
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** `ORG_SETTINGS`, also written `EventCategory.ORG_SETTINGS`: "Org settings". */
function categoryText(category = ''): string {
  const words = plain(category.replace(/^EventCategory\./, '').replace(/_/g, ' ').toLowerCase());
  return words === '' ? 'Without a category' : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function actorText({ actorName = '', actorEmail = '' }: AdminAuditEvent['data'], actorId: string): string {
  if (actorName !== '' && actorEmail !== '') return `${plain(actorName)} (${plain(actorEmail)})`;
  return plain(actorName) || plain(actorEmail) || plain(actorId);
}

function failureText(data: AdminAuditEvent['data']): string {
  const what = plain(data.actionText ?? data.eventDescription ?? 'an event');
  return `${what}: ${plain(data.errorMessage ?? '') || `error ${plain(String(data.errorCode))}`}`;
}
