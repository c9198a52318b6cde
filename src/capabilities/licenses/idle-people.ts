import type { PersonRef } from '../../bot/define.js';
import type { Problem } from '../../changes/define.js';
import { plain } from '../../lib/text.js';
import type { Holding } from './activity.js';

/** Those who are idle still; whoever was active since, or cannot be read now, is left out and named. */
export function sortIdle(holdings: readonly Holding[]): { people: PersonRef[]; left: Problem[] } {
  const people: PersonRef[] = [];
  const left: Problem[] = [];
  for (const { user, person, activity } of holdings) {
    const subject = plain(person?.displayName ?? `A person (id …${user.id.slice(-8)})`, 120);
    if (activity.state === 'active') left.push({ subject, reason: 'was active since the list was made, so nothing is planned', settled: true });
    else if (activity.state === 'unknown' || person === undefined) left.push({ subject, reason: `${activity.state === 'unknown' ? activity.reason : 'could not be read'}, so nothing is planned` });
    else people.push({ id: person.id, email: person.emails[0] ?? '', displayName: person.displayName, orgId: person.orgId });
  }
  return { people, left };
}
