import { canonicalId, textField } from './fields.js';
import { publicId } from './ids.js';
import type { Person } from './model.js';
import { ApiError } from './route.js';
import { addPerson, personByEmail, type State } from './state.js';

/** The organization of people whom no organization has claimed, as Webex spells it. */
const CONSUMERS = publicId('ORGANIZATION', 'consumer');

/** Who shall be added, by `personId` or `personEmail`: an address that nobody has comes back as it is, in lower case. Throws 400 or 404. */
export function wantedPerson(state: State, body: Record<string, unknown>): Person | string {
  const id = textField(body, 'personId');
  const email = textField(body, 'personEmail')?.trim();
  if (id === undefined && !email) throw new ApiError(400, 'Must specify either personId or personEmail.');
  if (id !== undefined) {
    const person = state.people.get(canonicalId('PEOPLE', id));
    if (!person) throw new ApiError(404, 'Could not find a person with provided ID.');
    return person;
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(email ?? '')) throw new ApiError(400, 'Invalid email address.');
  return personByEmail(state, email ?? '') ?? (email ?? '').toLowerCase();
}

/** Webex: an address that nobody has is invited, and is in the space from then on. */
export function invite(state: State, email: string): Person {
  const now = state.clock.iso();
  return addPerson(state, {
    id: publicId('PEOPLE'), type: 'person', emails: [email], displayName: email, firstName: '', lastName: '', orgId: CONSUMERS, roles: [], licenses: [], sites: [],
    loginEnabled: true, invitePending: true, timezone: 'Etc/UTC', created: now, lastModified: now,
  });
}
