import type { PersonRef } from '../../bot/define.js';
import { plain } from '../../lib/text.js';
import type { Calling } from './define.js';

/** People choose their names: one that holds an address, or brackets, could pass for somebody else. */
const LIKE_ADDRESS = /[@()]/;

/** How people are called in a plan: cleaned, and with the address where several bear one name, since an approver must know which of them is meant. */
export function namesOf(people: readonly PersonRef[]): (person: PersonRef) => string {
  const bearers = new Map<string, Set<string>>();
  for (const { displayName, email } of people) {
    const name = plain(displayName, 60);
    bearers.set(name, (bearers.get(name) ?? new Set()).add(email.toLowerCase()));
  }
  return ({ displayName, email }) => {
    const name = plain(displayName, 60);
    return ((bearers.get(name)?.size ?? 0) > 1 || LIKE_ADDRESS.test(name)) && name !== email ? `${name} (${plain(email, 100)})` : name;
  };
}

/** "number +12125550100 and extension 1001"; empty where there is neither. */
export function callingText({ phoneNumber, extension }: Calling): string {
  return [...(phoneNumber === undefined ? [] : [`number ${plain(phoneNumber, 30)}`]), ...(extension === undefined ? [] : [`extension ${plain(extension, 20)}`])].join(' and ');
}
