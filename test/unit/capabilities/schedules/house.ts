import { randomBytes } from 'node:crypto';
import type { Answer, Context, Job, JobAnswer, JobPlan, JobRun, Poster, View } from '../../../../src/bot/define.js';
import { createSchedulesCapability, type SchedulesCapability } from '../../../../src/capabilities/schedules/index.js';
import { createCards } from '../../../../src/cards/render.js';
import type { Plan } from '../../../../src/changes/engine.js';
import { sameId } from '../../../../src/lib/ids.js';
import type { Owner, Schedule } from '../../../../src/schedules/define.js';
import { createScheduler, type Scheduler } from '../../../../src/schedules/scheduler.js';
import { KINDS } from '../../changes/fake-webex.js';
import { ACME, ANNA, World } from '../../changes/world.js';

export const SPACE = { id: 'room-of-reports', title: 'Reports' };
export const HOUR = 3600_000;
export const DAY = 24 * HOUR;

export interface Posted {
  /** `space`, or the person whose 1:1 it is. */
  to: string;
  view: View;
}

export function owner(person: typeof ANNA): Owner {
  return { ...person, orgId: ACME.id };
}

/** A real engine, store and scheduler with the capability on them; Webex, and the chat, in memory. Cards are really rendered. */
export class House {
  readonly posts: Posted[] = [];
  /** What the job `test` does. */
  run: (context: Context, run: JobRun) => Promise<JobAnswer> = () => Promise.resolve({ outcome: 'done', note: 'nothing to change' });
  report: ((context: Context, run: JobRun, plan: JobPlan) => Promise<View>) | undefined = (_context, _run, plan) =>
    Promise.resolve({ audience: 'details', markdown: `Report of ${plan.state}: ${[...plan.outcomes.values()].map(({ state }) => state).join(', ')} ${plan.waits.join(' ')}` });
  /** The space does not take details. */
  withheld = false;
  failPosts = 0;
  scheduler!: Scheduler;
  capability!: SchedulesCapability;
  /** What was audited, but for what the engine does: a chain has one writer in a process, and the world's engine has its own. */
  readonly audited: string[] = [];
  private readonly audit = {
    record: (_organization: string | undefined, { action, subject = '' }: { action: string; subject?: string | undefined }): Promise<void> => {
      this.audited.push(`${action} ${subject}`);
      return Promise.resolve();
    },
  };
  private stopWatching: () => void = () => undefined;
  private readonly cards = createCards();
  private waiting: (() => void)[] = [];

  private constructor(readonly world: World) {}

  static async open(): Promise<House> {
    const house = new House(await World.open());
    house.build();
    await house.scheduler.start();
    await house.capability.takeUp();
    return house;
  }

  private build(): void {
    const { world } = this;
    const { store, vault, clock, log } = world;
    this.scheduler = createScheduler({
      store, vault, clock, log, audit: this.audit, instance: 'one',
      execute: (schedule, run) => this.capability.execute(schedule, run),
    });
    this.capability = createSchedulesCapability({
      scheduler: this.scheduler,
      engine: world.engine,
      limits: { removal: 50 }, kinds: KINDS,
      jobs: () => [this.job(), ...(this.capability.jobs ?? [])],
      contextFor: async (schedule) => {
        const authority = await world.accounts.authority(schedule.organization.id, schedule.owner.personId);
        return authority.ok ? { ok: true, context: this.context(schedule.owner, 'schedule', authority.roles, authority.account.scopes) } : authority;
      },
      poster: this.poster,
      admins: async () => (await world.accounts.list()).map(({ personId, email, displayName, orgId }) => ({ personId, email, displayName, orgId })),
      records: (organization) => store.organization(organization),
      organizations: () => store.organizations(),
      clock, log,
    });
    this.stopWatching = this.capability.watch();
  }

  /** As after a crash: nothing is ended in order, and a new process takes the store over. */
  async restart(): Promise<void> {
    this.stopWatching();
    await this.scheduler.stop();
    await this.world.engine.stop();
    this.world.engine = this.world.newEngine(this.world.store);
    this.build();
    await this.world.engine.start();
    await this.scheduler.start();
    await this.capability.takeUp();
  }

  readonly poster: Poster = {
    post: ({ place, person }, view) => {
      if (this.failPosts > 0) {
        this.failPosts -= 1;
        return Promise.reject(new Error('Webex is away.'));
      }
      if (view.card !== undefined) this.cards.render(view.card.template, view.card.data, { buttons: (view.card.buttons ?? []).map(({ title }) => ({ title, token: 't' })) });
      const here = place !== undefined && !(this.withheld && view.audience === 'details');
      this.posts.push({ to: here ? 'space' : (this.world.accounts.people.find((one) => sameId(one.person.personId, person))?.person.displayName ?? person), view });
      for (const wake of this.waiting.splice(0)) wake();
      return Promise.resolve({ messageId: `m${this.posts.length}`, roomId: here ? place.roomId : `direct ${person}` });
    },
    edit: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };

  /** Waits for a post with these words, not among the first `after`. */
  async said(words: RegExp, after = 0): Promise<Posted> {
    for (;;) {
      const found = this.posts.slice(after).find(({ view }) => words.test(view.markdown));
      if (found) return found;
      await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    }
  }

  texts(to: string): string[] {
    return this.posts.filter((post) => post.to === to).map(({ view }) => view.markdown);
  }

  /** A schedule of the job `test`, each 12 hours. */
  add(person = ANNA, space: Schedule['space'] | null = SPACE): Promise<Schedule> {
    return this.scheduler.of(ACME, owner(person)).add({
      job: 'test', input: null, title: 'The test', tz: 'UTC', when: { kind: 'every', ms: 12 * HOUR, from: this.world.clock.iso() }, ...(space === null ? {} : { space }),
    });
  }

  async get(id: string): Promise<Schedule> {
    const found = await this.scheduler.get(ACME.id, id);
    if (!found) throw new Error('It is gone.');
    return found;
  }

  /** Moves the clock, and waits for the runs that fall due. */
  async pass(ms: number): Promise<void> {
    this.world.clock.advance(ms);
    // Set after all that fell due, so it fires after them.
    await this.world.clock.sleep(0);
    await this.scheduler.idle();
  }

  /** One run that somebody asks for, to its end. */
  async once(id: string, by = ANNA): Promise<Schedule> {
    await this.scheduler.runNow(ACME.id, id, by.personId);
    await this.scheduler.idle();
    return this.get(id);
  }

  async plans(): Promise<Plan[]> {
    return this.world.engine.list(ACME.id);
  }

  async say(by: typeof ANNA, name: string, values: Record<string, string> = {}, organization = ACME): Promise<Answer> {
    const command = this.capability.commands.find(({ noun, verb }) => `${noun} ${verb}`.trim() === name);
    if (!command) throw new Error(`There is no command ${name}.`);
    const authority = await this.world.accounts.authority(ACME.id, by.personId);
    const context = authority.ok ? this.context(owner(by), 'text', authority.roles, authority.account.scopes) : this.context(owner(by), 'text', [], []);
    const answer = await command.run({ ...context, organization, schedules: this.scheduler.of(organization, owner(by)) }, values);
    if (answer.kind === 'view' && answer.view.card !== undefined) this.cards.render(answer.view.card.template, answer.view.card.data);
    return answer;
  }

  async close(): Promise<void> {
    this.stopWatching();
    await this.scheduler.stop();
    await this.world.close();
  }

  private job(): Job {
    const { report } = this;
    return {
      name: 'test', access: { linked: true, scopes: ['write'], roles: ['Full Administrator'] },
      run: (context, run) => this.run(context, run),
      ...(report === undefined ? {} : { report }),
    };
  }

  private context(caller: Owner, via: Context['via'], roles: string[], scopes: string[]): Context {
    const { world } = this;
    const webex = { ...world.webex.client(caller.email), send: () => Promise.resolve({ status: 200, headers: {}, trackingId: 't', data: { id: caller.personId, emails: [caller.email], orgId: ACME.id, timezone: 'Europe/Berlin' } }) };
    return {
      caller, organization: ACME, via, csv: undefined, place: { roomId: 'asked', roomType: 'direct', messageId: randomBytes(4).toString('hex') },
      account: { personId: caller.personId, email: caller.email, scopes, roles },
      records: world.store.organization(ACME.id), schedules: this.scheduler.of(ACME, caller), clock: world.clock, log: world.log,
      audit: (action, subject) => this.audit.record(ACME.id, { action, subject }),
      webex: webex as never, settings: undefined as never, sealed: undefined as never, outdate: undefined as never, findPeople: undefined as never, peopleByEmail: undefined as never,
    };
  }
}

/** The markdown of an answer. */
export function textOf(answer: Answer): string {
  return answer.kind === 'view' ? answer.view.markdown : answer.kind;
}

export function titlesOf(answer: Answer): string[] {
  return answer.kind === 'view' ? (answer.view.card?.buttons ?? []).map(({ title }) => title) : [];
}
