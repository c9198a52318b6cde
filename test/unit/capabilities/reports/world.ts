import type { Answer, Context, JobRun, Report, View } from '../../../../src/bot/define.js';
import { createReports, createReportsCapability, type ReportedAccount, type ReportedPlan } from '../../../../src/capabilities/reports/index.js';
import { createCards } from '../../../../src/cards/render.js';
import type { Schedule, ScheduleDraft } from '../../../../src/schedules/define.js';
import { startWorld, type World } from '../../webex/world.js';

export const ROLES = { anna: ['Full Administrator'], erik: ['Read-only Administrator'], dora: ['User Administrator'] };
const SCOPES = ['spark:people_read', 'spark:rooms_read', 'spark-admin:licenses_read', 'audit:events_read'];

/** The capability over the emulator, with schedules and records in memory. */
export interface Reporting {
  world: World;
  plans: ReportedPlan[];
  accounts: ReportedAccount[];
  schedules: Schedule[];
  /** What somebody (by default Anna, in her 1:1) may use. `place` is the title of a group space. */
  context(options?: { who?: keyof typeof ROLES; scopes?: string[]; place?: string }): Context;
  report(name: string): Report;
  run(verb: string, values: Record<string, string>, context?: Context): Promise<Answer>;
  show(verb: string, values: Record<string, string>, context?: Context): Promise<View>;
  job(schedule: Schedule, run?: Partial<JobRun>, context?: Context): ReturnType<NonNullable<ReturnType<typeof createReportsCapability>['jobs']>[number]['run']>;
  stop(): Promise<void>;
}

const LOCALS = { anna: 'anna.berg', erik: 'erik.lund', dora: 'dora.silva' };

export async function startReporting(): Promise<Reporting> {
  const world = await startWorld();
  const cards = createCards();
  const [plans, accounts, schedules]: [ReportedPlan[], ReportedAccount[], Schedule[]] = [[], [], []];
  const reports = createReports({ changes: () => Promise.resolve(plans), accounts: () => Promise.resolve(accounts) });
  const capability = createReportsCapability({ reports: () => reports, bot: world.as('bot') });
  const records = new Map<string, { id: string; value: unknown; version: number }>();

  const context: Reporting['context'] = ({ who = 'anna', scopes = SCOPES, place } = {}) => {
    const person = world.emulator.state.people.get(world.idOf(LOCALS[who]))!;
    const caller = { personId: person.id, email: person.emails[0]!, displayName: person.displayName, orgId: person.orgId };
    return {
      caller, organization: { id: person.orgId, name: 'Acme' }, webex: world.as(LOCALS[who]), clock: world.clock, via: 'text',
      place: place === undefined ? { roomId: 'direct', roomType: 'direct', messageId: 'm' } : { roomId: world.roomId(place), roomType: 'group', messageId: 'm' },
      account: { personId: person.id, email: caller.email, scopes, roles: ROLES[who] },
      records: {
        get: (collection: string, id: string) => Promise.resolve(records.get(`${collection}/${id}`)),
        put: (collection: string, id: string, value: unknown, version: number) => {
          if ((records.get(`${collection}/${id}`)?.version ?? 0) !== version) return Promise.reject(new Error('stale'));
          records.set(`${collection}/${id}`, { id, value, version: version + 1 });
          return Promise.resolve(version + 1);
        },
      },
      schedules: {
        add: (draft: ScheduleDraft) => {
          const schedule: Schedule = { ...draft, id: `sched-${schedules.length + 1}`, organization: { id: person.orgId, name: 'Acme' }, owner: caller, state: 'active', createdAt: world.clock.iso(), nextDue: '2030-01-07T07:00:00.000Z' };
          schedules.push(schedule);
          return Promise.resolve(schedule);
        },
        list: (job?: string) => Promise.resolve(schedules.filter((schedule) => job === undefined || schedule.job === job)),
        remove: (id: string) => {
          schedules.splice(schedules.findIndex((schedule) => schedule.id === id), 1);
          return Promise.resolve();
        },
      },
    } as unknown as Context;
  };
  const run: Reporting['run'] = (verb, values, by = context()) => capability.commands.find((command) => command.verb === verb)!.run(by, values);
  return {
    world, plans, accounts, schedules, context, run,
    report: (name) => reports.find((report) => report.name === name)!,
    show: async (verb, values, by) => {
      const answer = await run(verb, values, by);
      if (answer.kind !== 'view') throw new Error(`a ${answer.kind}, no view`);
      const { card } = answer.view;
      // A template that is not there, or more buttons than Webex draws, throw.
      if (card) cards.render(card.template, card.data, { buttons: (card.buttons ?? []).map(({ title }) => ({ title, token: 't' })) });
      return answer.view;
    },
    job: (schedule, more = {}, by = context()) => capability.jobs![0]!.run(by, { schedule, due: world.clock.iso(), next: undefined, asked: false, ...more }),
    stop: () => world.stop(),
  };
}
