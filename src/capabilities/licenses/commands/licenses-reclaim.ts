import { textOf, type Command, type PersonRef } from '../../../bot/define.js';
import type { Problem } from '../../../changes/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { plain } from '../../../lib/text.js';
import { PEOPLE_READ_ACCESS } from '../access.js';
import { readActivity, type Holding } from '../activity.js';
import { findIdleList } from '../idle-lists.js';

/**
 * `licenses reclaim`: the button of `licenses idle`. Plans with `remove` (the command `licenses remove`) for those of its list who are still idle:
 * whoever was active since, or cannot be read now, is left out and named.
 */
export function licensesReclaim(remove: Command): Command {
  return {
    noun: 'licenses', verb: 'reclaim', hidden: true,
    summary: 'Plan the removal of a license from those whom “licenses idle” found; its button does this',
    examples: [],
    arguments: [{ name: 'list', kind: 'text', label: 'List', required: true, help: 'what the button is bound to' }],
    access: { ...remove.access, scopes: [...new Set([...remove.access.scopes, ...PEOPLE_READ_ACCESS.scopes])] },
    plans: true,
    run: async (context, values) => {
      const list = await findIdleList(context, textOf(values, 'list') ?? '');
      const { people, left } = sorted(await readActivity(context, list.people.map((id) => ({ id })), list.days));
      if (people.length === 0) throw new CallerMistake({ code: 'NOBODY_IDLE', message: 'Nobody of this list is idle any more, or nobody could be read. Nothing is planned.' });
      const answer = await remove.run(context, { people: { people, problems: [] }, license: list.license });
      // They are no part of what was asked for: [Plan again] must not bring them back.
      return answer.kind === 'plan' ? { kind: 'plan', draft: { ...answer.draft, problems: [...answer.draft.problems, ...left] } } : answer;
    },
  };
}

function sorted(holdings: readonly Holding[]): { people: PersonRef[]; left: Problem[] } {
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
