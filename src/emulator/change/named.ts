import { canonicalId } from '../fields.js';
import type { Person } from '../model.js';
import { ApiError } from '../route.js';
import { personByEmail, type State } from '../state.js';

/** What a change does once everything that it names was found. Gives the id of the group or space that it was about. */
export type Act = () => string;

/** Throws 400 for an address that nobody has. */
export function personOf(state: State, email: string): Person {
  const found = personByEmail(state, email);
  if (!found) throw new ApiError(400, `There is no ${email}.`);
  return found;
}

/** The one thing of that id, or of that name where there is just one. Throws 400. */
export function oneOf<T extends { id: string }>(type: string, all: Iterable<T>, id: string | undefined, name: string | undefined, nameOf: (item: T) => string): T {
  const wanted = id === undefined ? undefined : canonicalId(type, id);
  const found = [...all].filter((item) => (wanted === undefined ? nameOf(item) === name : item.id === wanted));
  if (found.length > 1) throw new ApiError(400, `${found.length} are called ${name ?? ''}: give the id.`);
  if (!found[0]) throw new ApiError(400, `There is no ${type.toLowerCase().replace('scim_', '')} ${name ?? id ?? ''}.`);
  return found[0];
}
