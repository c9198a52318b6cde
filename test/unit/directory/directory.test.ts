import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import type { Listed } from '../../../src/directory/build.js';
import { createDirectory, type Directory, type DirectorySource } from '../../../src/directory/directory.js';

const HOUR = 60 * 60_000;
let next = 0;

function person(displayName: string, email: string, more: Partial<Listed> = {}): Listed {
  next += 1;
  return { id: `id-${next}`, emails: [email], displayName, orgId: 'acme', type: 'person', ...more };
}

const ACME = [
  person('Jürgen Groß', 'juergen.gross@acme.example', { department: 'Sales' }),
  person('Anna Berg', 'Anna.Berg@acme.example', { department: 'Sales' }),
  person('Berga Annason', 'ba@acme.example', { department: 'Verkauf Süd' }),
  person('Ánna-Lena Østergård', 'al@acme.example', { department: 'sales' }),
  person('Bob Miller', 'r.miller@acme.example', { firstName: 'Robert', lastName: 'Miller' }),
  person("Siobhán O'Hara", 'ohara@other.example', { emails: ['ohara@other.example', 'Siobhan@acme.example'] }),
  person('李 小龙', 'lee@acme.example'),
  person('Łukasz Żółć', 'bergmann.l@acme.example'),
  person('Helper Bot', 'helper@webex.bot', { type: 'bot' }),
  person('Line\nfeed', 'line@acme.example'),
];

async function* stream(people: readonly Listed[]): AsyncGenerator<Listed> {
  for (const one of people) yield await Promise.resolve(one);
}

describe('the directory finds people', () => {
  let directory: Directory;
  const source: DirectorySource = { organization: 'acme', people: () => stream(ACME) };
  const namesFor = async (text: string, limit = 10): Promise<string[]> => (await directory.search(source, text, limit)).people.map(({ displayName }) => displayName);

  beforeEach(() => {
    directory = createDirectory({ clock: createClock(), log: createLog({ level: 'silent' }) });
  });

  it.each([
    ['jurgen', ['Jürgen Groß']],
    ['JÜRGEN', ['Jürgen Groß']],
    ['Juergen', ['Jürgen Groß']],
    ['jü', ['Jürgen Groß']],
    ['gross', ['Jürgen Groß']],
    ['groß jür', ['Jürgen Groß']],
    ['ostergard', ['Ánna-Lena Østergård']],
    ['lena', ['Ánna-Lena Østergård']],
    ['zolc', ['Łukasz Żółć']],
    ['lukasz', ['Łukasz Żółć']],
    ['小', ['李 小龙']],
    ['robert', ['Bob Miller']],
    ["o'hara", ["Siobhán O'Hara"]],
    ['hara', ["Siobhán O'Hara"]],
    ['siobhan@acme', ["Siobhán O'Hara"]],
    ['r.miller', ['Bob Miller']],
    ['anna.berg@acme.example', ['Anna Berg']],
    ['ANNA.BERG@ACME', ['Anna Berg']],
    ['@other', ["Siobhán O'Hara"]],
    ['na.berg@ac', ['Anna Berg']],
    ['feed', ['Line feed']],
  ])('by %p', async (text, names) => {
    expect(await namesFor(text)).toEqual(names);
  });

  it.each(['', '   ', ',;', 'nobody', 'helper', 'anna miller', '@', 'x@', '\uFFFF', 'erg@zzz'])('and nobody by %p', async (text) => {
    expect(await namesFor(text)).toEqual([]);
  });

  it('best first: the whole word, then its beginning, in the name before the address, a part of the address last', async () => {
    expect(await namesFor('berg')).toEqual(['Anna Berg', 'Berga Annason', 'Łukasz Żółć']);
    expect(await namesFor('anna')).toEqual(['Anna Berg', 'Ánna-Lena Østergård', 'Berga Annason']);
    expect(await namesFor('ergm')).toEqual(['Łukasz Żółć']);
    expect(await namesFor('anna berg')).toEqual(['Anna Berg', 'Berga Annason']);
  });

  it('at most as many as are asked for, and says that there are more', async () => {
    expect(await directory.search(source, 'acme', 3)).toMatchObject({ more: true, people: { length: 3 } });
    expect(await directory.search(source, 'berg', 3)).toMatchObject({ more: false, people: { length: 3 } });
    expect(await directory.search(source, 'berg', 2)).toMatchObject({ more: true, people: { length: 2 } });
  });

  it('with all that is needed to name and reach them', async () => {
    expect((await directory.search(source, 'jurgen', 1)).people).toEqual([
      { id: ACME[0]?.id, email: 'juergen.gross@acme.example', displayName: 'Jürgen Groß', orgId: 'acme', department: 'Sales' },
    ]);
  });

  it('by address in any case, the second one too', async () => {
    const { people } = await directory.byEmail(source, [' ANNA.BERG@acme.example', 'siobhan@ACME.example', 'none@acme.example', 'helper@webex.bot', '']);
    expect([...people].map(([email, { displayName }]) => [email, displayName])).toEqual([
      ['anna.berg@acme.example', 'Anna Berg'], ['siobhan@acme.example', "Siobhán O'Hara"],
    ]);
  });

  it('by department, however it is written', async () => {
    expect((await directory.byDepartment(source, ' SALES ')).people.map((one) => one.displayName)).toEqual(['Anna Berg', 'Ánna-Lena Østergård', 'Jürgen Groß']);
    expect((await directory.byDepartment(source, 'verkauf sud')).people).toHaveLength(1);
    expect((await directory.byDepartment(source, '')).people).toEqual([]);
    expect((await directory.departments(source)).departments).toEqual([{ name: 'Sales', people: 2 }, { name: 'sales', people: 1 }, { name: 'Verkauf Süd', people: 1 }]);
  });

  it('among very many just as a slow search over all does', async () => {
    const firsts = ['Anna', 'Ben', 'Carla', 'Dörte', 'Emma', 'Anton', 'Bergit'];
    const crowd = Array.from({ length: 20_000 }, (_, i) => {
      const last = `X${((i * 7919) % 5003).toString(36)}`;
      return person(`${firsts[i % firsts.length] ?? ''} ${last}`, `${last}.${i}@acme.example`.toLowerCase());
    });
    const large = { organization: 'large', people: () => stream(crowd) };
    for (const text of ['an', 'dor', 'x1', 'ben x3', 'xa 77', '19999', 'anna x2x 1']) {
      const words = text.split(' ');
      const fits = (one: Listed): boolean => words.every((word) => one.displayName.toLowerCase().replace('ö', 'o').split(' ').some((part) => part.startsWith(word)) || (one.emails[0] ?? '').split(/[.@]/).some((part) => part.startsWith(word)));
      const wanted = crowd.filter(fits).map(({ id }) => id);
      const { people, more } = await directory.search(large, text, 20_000);
      const found = new Set(people.map(({ id }) => id));
      expect(wanted.filter((id) => !found.has(id))).toEqual([]);
      expect(more).toBe(false);
      expect(people.slice(wanted.length).every((one) => words.some((word) => one.email.includes(word)))).toBe(true);
    }
    expect((await directory.byEmail(large, crowd.map((one) => one.emails[0] ?? ''))).people.size).toBe(20_000);
  });
});

describe('the directory stays fresh', () => {
  let clock: MovableClock;
  let directory: Directory;
  let reads: number;
  let people: Listed[];
  let fault: Error | undefined;
  let gate: Promise<void>;
  let open: () => void;
  const shut = (): void => { gate = new Promise((resolve) => { open = resolve; }); };
  const source: DirectorySource = {
    organization: 'acme',
    people: async function* () {
      reads += 1;
      await gate;
      if (fault) throw fault;
      yield* people;
    },
  };
  const find = async (): Promise<[number, string | undefined, number]> => {
    const { people: found, stale, asOf } = await directory.search(source, 'anna', 10);
    return [found.length, stale, Math.round((clock.now() - asOf) / HOUR)];
  };
  /** Until a refresh in the background has come to its end. */
  const until = async (test: () => Promise<boolean>): Promise<void> => {
    while (!(await test())) await new Promise((resolve) => { setImmediate(resolve); });
  };

  beforeEach(() => {
    clock = createClock();
    directory = createDirectory({ clock, log: createLog({ level: 'silent' }) });
    reads = 0;
    people = [person('Anna Berg', 'anna@acme.example')];
    fault = undefined;
    gate = Promise.resolve();
  });

  it('reads once for all who come at first, and once an hour then, while nobody waits', async () => {
    expect(await Promise.all([find(), find(), find()])).toEqual([[1, undefined, 0], [1, undefined, 0], [1, undefined, 0]]);
    clock.advance(HOUR - 60_000);
    await find();
    expect(reads).toBe(1);
    people.push(person('Anna Neu', 'neu@acme.example'));
    shut();
    clock.advance(60_000);
    expect(await Promise.all([find(), find()])).toEqual([[1, undefined, 1], [1, undefined, 1]]);
    expect(reads).toBe(2);
    open();
    await until(async () => (await find())[0] === 2);
    expect([await find(), reads]).toEqual([[2, undefined, 0], 2]);
  });

  it('fails when nothing could ever be read, and tries again at the next use', async () => {
    fault = new Error('Webex does not answer.');
    await expect(find()).rejects.toThrow('Webex does not answer.');
    fault = undefined;
    expect(await find()).toEqual([1, undefined, 0]);
  });

  it('keeps what it has when a refresh fails, says why and how old it is, and tries again after a minute', async () => {
    await find();
    fault = new Error('Webex does not answer.');
    clock.advance(2 * HOUR);
    await until(async () => (await find())[1] !== undefined);
    expect([await find(), reads]).toEqual([[1, 'Webex does not answer.', 2], 2]);
    clock.advance(30_000);
    await find();
    expect(reads).toBe(2);
    fault = undefined;
    clock.advance(31_000);
    await until(async () => (await find())[1] === undefined);
    expect([await find(), reads]).toEqual([[1, undefined, 0], 3]);
  });

  it('takes a reading that broke off in the middle for no reading', async () => {
    await find();
    const half: DirectorySource = { ...source, people: async function* () { yield* stream([person('Zoe', 'z@acme.example')]); throw new Error('broke off'); } };
    clock.advance(2 * HOUR);
    await directory.search(half, 'zoe', 1);
    await until(async () => (await find())[1] === 'broke off');
    expect((await directory.search(source, 'zoe', 1)).people).toEqual([]);
    expect((await find())[0]).toBe(1);
  });

  it('keeps organizations apart', async () => {
    await find();
    const other = await directory.search({ organization: 'globex', people: () => stream([person('Anna Other', 'a@globex.example')]) }, 'anna', 10);
    expect(other.people.map((one) => one.displayName)).toEqual(['Anna Other']);
  });
});
