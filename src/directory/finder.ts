import { CallerMistake } from '../lib/errors.js';
import { idKey } from '../lib/ids.js';
import type { ReadClient } from '../webex/call.js';
import * as groups from '../webex/rest/groups.js';
import * as people from '../webex/rest/people.js';
import type { Directory, DirectorySource } from './directory.js';
import type { Found } from './people-index.js';

/** People, and those who cannot be meant, each with the reason. */
export interface Members {
  people: Found[];
  problems: { subject: string; reason: string }[];
}

/** An organization as one caller reads it. Webex: only administrators of another organization name it in a call (`home` false). */
export interface Reading {
  reader: ReadClient;
  organization: string;
  home: boolean;
}

/** Finds people for whoever reads: by words, by group, by department. */
export interface Finder {
  search(reading: Reading, text: string, limit: number): Promise<Found[]>;
  /** The people in the group of this name; undefined when there is none. Throws CallerMistake when several have the name. */
  group(reading: Reading, name: string): Promise<Members | undefined>;
  department(reading: Reading, name: string): Promise<Members | undefined>;
}

export function createFinder(directory: Directory): Finder {
  return {
    search: async (reading, text, limit) => (await directory.search(sourceOf(reading), text, limit)).people,
    department: async (reading, name) => {
      const { people: found } = await directory.byDepartment(sourceOf(reading), name);
      return found.length === 0 ? undefined : { people: found, problems: [] };
    },
    group: async (reading, name) => {
      const [group, ...others] = await groups.byName(reading.reader, name, optionsOf(reading));
      if (group === undefined) return undefined;
      if (others.length > 0) {
        throw new CallerMistake({ code: 'GROUP_AMBIGUOUS', message: `There are ${others.length + 1} groups called “${name}”. Rename one of them in Control Hub, or name the people.` });
      }
      return membersOf(reading, group.id);
    },
  };
}

/** Members by id are read with their addresses; machines and nested groups cannot be meant (Webex does not say who is in a nested one). */
async function membersOf(reading: Reading, groupId: string): Promise<Members> {
  const ids = new Map<string, string>();
  const problems: Members['problems'] = [];
  for await (const member of groups.members(reading.reader, groupId)) {
    if (member.type === 'user') ids.set(idKey(member.id), member.id);
    else problems.push({ subject: member.displayName ?? member.id, reason: member.type === 'group' ? 'is a group in the group; its members are not given by Webex' : 'is a machine' });
  }
  const { people: found, notFound } = await people.byIds(reading.reader, [...ids.values()], optionsOf(reading));
  problems.push(...notFound.map((id) => ({ subject: id, reason: 'is in the group, but Webex does not show this person to you' })));
  return {
    people: found.map((person) => ({ id: person.id, email: (person.emails[0] ?? '').toLowerCase(), displayName: person.displayName, orgId: person.orgId, department: person.department })),
    problems,
  };
}

function sourceOf(reading: Reading): DirectorySource {
  return { organization: reading.organization, people: () => people.listWho(reading.reader, optionsOf(reading)) };
}

function optionsOf({ organization, home }: Reading): { orgId?: string } {
  return home ? {} : { orgId: organization };
}
