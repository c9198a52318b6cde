import { spaceInWords } from '../../../../src/capabilities/spaces/facts.js';
import { groupKeys, lookup, MOST_CANDIDATES } from '../../../../src/capabilities/spaces/find.js';
import { decodeId, idKey } from '../../../../src/lib/ids.js';
import { webexId } from './ids.js';

interface Thing {
  id: string;
  name: string;
}
const thing = (name: string, n = 0): Thing => ({ id: webexId('ROOM', `${name} ${n}`), name });
const finder = (things: readonly Thing[]): ReturnType<typeof lookup<Thing>> => lookup(things, { nameOf: ({ name }) => name, keysOf: ({ id }) => [idKey(id)], none: 'is not there' });
const found = (things: readonly Thing[], written: string): string[] => {
  const { fit, candidates } = finder(things)(written);
  return [fit, ...candidates.map(({ name }) => name)];
};
const THINGS = [thing('Sales'), thing('Sales Floor'), thing('EMEA Sales'), thing('Café Zoë'), thing('Wholesales'), thing('')];

describe('what a written name means', () => {
  it('is the one of this name, whatever its case and spaces', () => {
    expect(found(THINGS, 'sales  FLOOR ')).toEqual(['exact', 'Sales Floor']);
    expect(found(THINGS, 'sales')).toEqual(['exact', 'Sales']);
  });

  it('of two spaces of the same title: both, asked and not guessed (fault 5)', () => {
    const twins = [thing('Phoenix', 1), thing('Phoenix', 2), thing('Phoenix Archive')];
    expect(finder(twins)('phoenix')).toEqual({ written: 'phoenix', fit: 'several', candidates: twins.slice(0, 2), more: 0 });
  });

  it('is asked about when only words fit, even when it is one', () => {
    expect(found(THINGS, 'emea')).toEqual(['several', 'EMEA Sales']);
    expect(found(THINGS, 'floor sal')).toEqual(['several', 'Sales Floor']);
    expect(found(THINGS, 'cafe')).toEqual(['several', 'Café Zoë']);
    expect(found(THINGS, 'hole')).toEqual(['none']);
  });

  it('is found by id in any spelling, and nothing is found by signs that are no words', () => {
    const [one] = THINGS;
    for (const id of [one!.id, decodeId(one!.id).key, webexId('ROOM', 'Sales 0', 'urn:TEAM:eu_k')]) expect(found(THINGS, id)).toEqual(['exact', 'Sales']);
    expect(finder(THINGS)('&&')).toEqual({ written: '&&', fit: 'none', candidates: [], more: 0, reason: 'is not there' });
    expect(groupKeys({ id: webexId('SCIM_GROUP', 'x') })).toContain(decodeId(webexId('SCIM_GROUP', 'x')).key.split(':')[0]);
  });

  it('says how many more there are than can be shown', () => {
    const many = Array.from({ length: MOST_CANDIDATES + 7 }, (_, n) => thing(`Project ${n}`));
    const { candidates, more } = finder(many)('project');
    expect([candidates.length, more]).toEqual([MOST_CANDIDATES, 7]);
  });
});

describe('the facts of a space', () => {
  const acme = webexId('ORGANIZATION', 'acme');
  const member = (name: string, more: object = {}): any => ({
    id: webexId('MEMBERSHIP', name), roomId: 'r', personId: webexId('PEOPLE', name), personEmail: `${name}@acme.test`, personDisplayName: name, personOrgId: acme, isModerator: false, unreadable: [], ...more,
  });
  const room: any = { id: webexId('ROOM', 'Floor'), title: 'Floor', type: 'group', isLocked: true, created: '2026-01-05T10:00:00.000Z', unreadable: [] };

  it('count everybody, name moderators and outsiders, and take nobody of an unknown organization for one of ours', () => {
    const members = [member('amy', { isModerator: true }), member('bob'), member('olga', { personOrgId: webexId('ORGANIZATION', 'globex') }), member('kai', { personOrgId: undefined }), member('bot', { personEmail: 'steward@webex.bot' })];
    expect(spaceInWords({ room, creator: 'Amy', members, own: members[1] }, acme)).toBe(
      `made 2026-01-05 by Amy; 4 people and 1 bot, 2 of other organizations: olga and kai; 1 moderator: amy; locked, and you are not a moderator; last active at an unknown time; id ${decodeId(room.id).key.slice(0, 8)}`,
    );
  });
});
