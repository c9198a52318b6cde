import { membershipId, publicId, stableUuid, teamMembershipId } from '../ids.js';
import type { Group, Membership, Message, Person, Room, Team, TeamMembership } from '../model.js';
import { ACME, SEEDED } from './organization.js';

const HOUR = 3_600_000;
const address = (local: string): string => (local.includes('@') ? local : `${local}@acme.test`);

/**
 * Eight groups. "All Staff" has everybody but forty (1,200 of 1,240); one holds a machine and a nested group, which Webex does not expand;
 * two are called "Berlin Office".
 */
export function seedGroups(people: Person[]): Group[] {
  const of = (test: (person: Person) => boolean): Group['members'] =>
    people.filter(test).map((person) => ({ id: person.id, type: 'user', displayName: person.displayName }));
  const group = (displayName: string, members: Group['members'], key = displayName): Group => ({
    id: publicId('SCIM_GROUP', `${stableUuid(`group ${key}`)}:${stableUuid('organization Acme')}`),
    orgId: ACME.id, displayName, description: `${displayName} of Acme`, created: SEEDED, lastModified: SEEDED, members,
  });
  const staff = new Set(people.slice(0, Math.max(people.length - 40, Math.min(people.length, 40))));
  const assistants = group('Executive Assistants', of((person) => person.title?.includes('Assistant') === true));
  return [
    group('All Staff', of((person) => staff.has(person))),
    group('Sales', of((person) => person.department === 'Sales')),
    group('Engineering', of((person) => person.department === 'Engineering')),
    assistants,
    group('Executives', of((person) => person.department === 'Executive')),
    group('Project Phoenix', [
      ...of((person) => ['kwame.mensah@acme.test', 'noor.devries@acme.test', 'lukasz.wojcik@acme.test', 'leo.wei@acme.test'].includes(person.emails[0] ?? '')),
      { id: publicId('PEOPLE', stableUuid('machine phoenix-build')), type: 'machine', displayName: 'phoenix-build' },
      { id: assistants.id, type: 'group', displayName: assistants.displayName },
    ]),
    group('Berlin Office', of(among('ingrid.dahl', 'juergen.mueller', 'zoe.kraus'))),
    group('Berlin Office', of(among('lukasz.wojcik', 'yusuf.oeztuerk')), 'Berlin Office 2'),
  ];
}

interface Space {
  title: string;
  /** Where the title does not name one space. */
  key?: string;
  /** Of the team "Field"; the one of the same title is its General space. */
  team?: true;
  moderators?: string[];
  members: (person: Person, index: number) => boolean;
  locked?: true;
  announcement?: true;
  description?: string;
  messages: [string, string][];
}

const among = (...locals: string[]): ((person: Person) => boolean) => {
  const wanted = new Set(locals.map(address));
  return (person) => wanted.has(person.emails[0] ?? '');
};
const isBot = (person: Person): boolean => person.type === 'bot';

const FIELD = ['anna.berg', 'ben.okoye', "sinead.o'connor", 'priya.natarajan', 'daniel.kim', 'tomas.novak'];

const SPACES: Space[] = [
  { title: 'IT Admins', members: among('anna.berg', 'ben.okoye', 'carl.jensen', 'dora.silva', 'steward@webex.bot'),
    messages: [['anna.berg', 'Morning! Cara asked who may schedule for her. I will look it up.'], ['ben.okoye', 'Ask Steward, it knows.']] },
  { title: 'Webex Operations', locked: true, moderators: ['anna.berg', 'ben.okoye'], description: 'Changes to Webex are announced here first.',
    members: among('anna.berg', 'ben.okoye', 'carl.jensen', 'erik.lund', 'gus.meyer', 'hana.sato', 'steward@webex.bot'), messages: [['ben.okoye', 'Maintenance of acme-eu.webex.com is done.']] },
  { title: 'Company News', locked: true, announcement: true, moderators: ['cara.olsen', 'aoife.byrne'],
    members: (person, index) => (person.type === 'person' && person.orgId === ACME.id && index < 300) || isBot(person), messages: [['cara.olsen', 'Welcome to our new colleagues in Berlin.']] },
  { title: 'Project Phoenix', members: among('kwame.mensah', 'noor.devries', 'lukasz.wojcik', 'leo.wei', 'anna.berg', 'olga.petrov@globex.test', 'steward@webex.bot'),
    messages: [['noor.devries', 'Olga, the draft is in the folder.'], ['olga.petrov@globex.test', 'Thank you, I will read it today.']] },
  { title: 'Sales Floor', members: (person) => person.department === 'Sales', messages: [["sinead.o'connor", 'Quarter closes on Friday.']] },
  { title: 'Engineering', members: (person) => person.department === 'Engineering', messages: [['kwame.mensah', 'Stand-up moves to 9:30.']] },
  { title: 'Executive Office', members: (person) => person.department === 'Executive', messages: [['amy.adams', 'Board papers are out.'], ['cara.olsen', 'Thanks, Amy.']] },
  { title: 'Coffee & <Cake>', members: (person, index) => person.orgId === ACME.id && person.type === 'person' && index % 4 === 0, messages: [['reception', 'Cake in the kitchen.']] },
];

/** Spaces in which nothing has been written: two of one title, and those of the team "Field". Anna is in all but the last. */
const QUIET: Space[] = [
  { title: 'Onboarding', members: among('anna.berg', 'aoife.byrne', 'raj.patel', 'nina.rossi'), messages: [] },
  { title: 'Onboarding', key: 'Onboarding 2', members: among('anna.berg', 'dora.silva', 'gus.meyer'), messages: [] },
  { title: 'Field', team: true, locked: true, moderators: ['anna.berg'], members: among(...FIELD), messages: [] },
  { title: 'Field North', team: true, members: among('anna.berg', 'daniel.kim', 'priya.natarajan'), messages: [] },
  { title: 'Field South', team: true, locked: true, moderators: ['anna.berg'], members: among('anna.berg', 'tomas.novak'), messages: [] },
  { title: 'Field Leads', team: true, locked: true, moderators: ["sinead.o'connor"], members: among("sinead.o'connor", 'priya.natarajan', 'daniel.kim'), messages: [] },
];

const TEAM_ID = publicId('TEAM', stableUuid('team Field'));

/** The team "Field", if its General space came about. */
function seedTeam(rooms: readonly Room[], memberships: readonly Membership[]): { teams: Team[]; teamMemberships: TeamMembership[] } {
  const general = rooms.find((room) => room.teamId === TEAM_ID && room.title === 'Field');
  if (!general) return { teams: [], teamMemberships: [] };
  const inside = memberships.filter(({ roomId }) => roomId === general.id);
  return {
    teams: [{ id: TEAM_ID, name: 'Field', description: 'Everybody who visits customers', orgId: ACME.id, generalRoomId: general.id, created: SEEDED }],
    teamMemberships: inside.map(({ personId, isModerator }) => ({ id: teamMembershipId(personId, TEAM_ID), teamId: TEAM_ID, personId, isModerator, created: SEEDED })),
  };
}

export interface SeededSpaces {
  rooms: Room[];
  memberships: Membership[];
  messages: Message[];
  teams: Team[];
  teamMemberships: TeamMembership[];
}

/** Fourteen spaces with their members and a few messages, and a team. `everyone` in the order in which they shall be listed. */
export function seedSpaces(everyone: Person[], now: number): SeededSpaces {
  const byEmail = new Map(everyone.map((person) => [person.emails[0] ?? '', person]));
  const rooms: Room[] = [];
  const memberships: Membership[] = [];
  const messages: Message[] = [];
  [...SPACES, ...QUIET].forEach((space, at) => {
    const roomId = publicId('ROOM', stableUuid(`room ${space.key ?? space.title}`));
    // The quiet ones come after all others when sorted by activity.
    const first = now - (at < SPACES.length ? SPACES.length - at : at + 1) * HOUR;
    const inside = everyone.filter(space.members);
    if (inside.length === 0) return;
    const moderates = among(...(space.moderators ?? []));
    for (const person of inside) {
      memberships.push({ id: membershipId(person.id, roomId), roomId, personId: person.id, isRoomHidden: false, created: SEEDED, isModerator: moderates(person) });
    }
    space.messages.forEach(([local, text], index) => {
      const author = byEmail.get(address(local));
      if (!author) return;
      messages.push({ id: publicId('MESSAGE', stableUuid(`message ${space.title} ${index}`)), roomId, personId: author.id, text, files: [],
        mentionedPeople: [], mentionedGroups: [], attachments: [], created: new Date(first + index * 60_000).toISOString(), edits: 0 });
    });
    rooms.push({ id: roomId, title: space.title, type: 'group', isLocked: space.locked === true, isAnnouncementOnly: space.announcement === true,
      creatorId: inside[0]?.id ?? '', ownerId: ACME.id, created: SEEDED, lastActivity: new Date(first + 120_000).toISOString(),
      ...(space.description === undefined ? {} : { description: space.description }), ...(space.team === undefined ? {} : { teamId: TEAM_ID }) });
  });
  return { rooms, memberships, messages, ...seedTeam(rooms, memberships) };
}
