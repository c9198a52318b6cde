import { readFileSync } from 'node:fs';
import { tokenText } from './ids.js';
import type { Integration, Token } from './model.js';
import { ALL_SCOPES, scopesOf } from './roles.js';
import { addMembership, addPerson, type State } from './state.js';
import { ACME, GLOBEX, OUTSIDERS, seedPeople, SITES, stewardBot } from './seed/organization.js';
import { LOCATIONS, seedLicenses } from './seed/licenses.js';
import { readOrganization, type OrganizationFile } from './seed/file.js';
import { seedGroups, seedSpaces } from './seed/spaces.js';

export interface SeedOptions {
  /** How many people Acme has; 1,240 by default, of whom 1,200 are in "All Staff". */
  people?: number;
  /** A JSON file with what `GET /_emulator/state` gives, or a part of it, instead of Acme. */
  organizationFile?: string;
}

export const DEFAULT_PEOPLE = 1240;

/** Life of an access token. Webex: 1,209,599 s. */
export const ACCESS_SECONDS = 1_209_599;

const INTEGRATION: Integration = {
  clientId: `C${tokenText('integration Steward')}`,
  clientSecret: tokenText('secret of integration Steward'),
  name: 'Steward (local)',
  redirectUris: [],
  scopes: [...ALL_SCOPES],
};

/** What a fresh organization is made of. */
export function seedOrganization(options: SeedOptions, now: number): OrganizationFile {
  if (options.organizationFile !== undefined) return readOrganization(readFileSync(options.organizationFile, 'utf8'), now);
  const count = options.people ?? DEFAULT_PEOPLE;
  const licenses = seedLicenses(count);
  const acme = seedPeople(count, now, licenses);
  const people = [...acme, ...OUTSIDERS(), stewardBot(ACME.id)];
  return { organizations: [ACME, GLOBEX], sites: [...SITES], licenses, locations: [...LOCATIONS], people, groups: seedGroups(acme), ...seedSpaces(people, now) };
}

/** Empties `state` and fills it again. The emitter and its listeners stay. */
export function resetState(state: State, options: SeedOptions): void {
  for (const part of Object.values(state) as unknown[]) if (part instanceof Map) part.clear();
  state.audit.length = 0;
  state.licenseLagMs = 0;
  const seed = seedOrganization(options, state.clock.now());
  for (const item of seed.organizations) state.organizations.set(item.id, { ...item });
  for (const item of seed.sites) state.sites.set(item.siteUrl, { ...item });
  for (const item of seed.licenses) state.licenses.set(item.id, item);
  for (const item of seed.locations) state.locations.set(item.id, { ...item });
  for (const item of seed.people) addPerson(state, item);
  for (const item of seed.groups) state.groups.set(item.id, item);
  for (const item of seed.rooms) {
    state.rooms.set(item.id, item);
    state.messagesOfRoom.set(item.id, []);
  }
  for (const item of seed.memberships) addMembership(state, item);
  for (const item of seed.teams) state.teams.set(item.id, item);
  for (const item of seed.teamMemberships) state.teamMemberships.set(item.id, item);
  for (const item of seed.messages) {
    state.messages.set(item.id, item);
    state.messagesOfRoom.get(item.roomId)?.push(item.id);
  }
  state.integrations.set(INTEGRATION.clientId, INTEGRATION);
}

/**
 * A person's test token: every scope that the roles may have, 14 days; a bot's never ends and has none.
 * Its text depends on the address only, so that it stays the same over resets and restarts; one that is over gets a successor.
 */
export function testToken(state: State, personId: string): string {
  const person = state.people.get(personId);
  if (!person) throw new Error(`No person ${personId}.`);
  const isBot = person.type === 'bot';
  for (let turn = 0; ; turn += 1) {
    const text = tokenText(`token of ${person.emails[0] ?? personId} ${turn}`);
    const known = state.tokens.get(text);
    if (known !== undefined && known.expires <= state.clock.now()) continue;
    const token: Token = known ?? {
      token: text, kind: 'access', personId, scopes: [], expires: isBot ? Infinity : state.clock.now() + ACCESS_SECONDS * 1000, clientId: INTEGRATION.clientId,
    };
    token.scopes = isBot ? [] : scopesOf(person);
    state.tokens.set(text, token);
    return text;
  }
}
