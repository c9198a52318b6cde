import { plain } from '../../lib/text.js';

/** People choose their names: one that holds an address, or brackets, could pass for somebody else. */
const LIKE_ADDRESS = /[@()]/;

/** Shown names by lower-case address, cleaned. Where two people bear one name, the address is said too: an approver must know which of them is meant. */
export function namesByEmail(people: Iterable<{ email: string; displayName: string }>): Map<string, string> {
  const names = new Map([...people].map(({ email, displayName }) => [email.toLowerCase(), plain(displayName, 60)]));
  const bearers = new Map<string, number>();
  for (const name of names.values()) bearers.set(name, (bearers.get(name) ?? 0) + 1);
  return new Map([...names].map(([email, name]) => [email, ((bearers.get(name) ?? 0) > 1 || LIKE_ADDRESS.test(name)) && name !== email ? `${name} (${plain(email)})` : name]));
}
