import type { Context, Job, JobPlan, JobRun, View } from '../../bot/define.js';
import { sameId } from '../../lib/ids.js';
import { count, markdown } from '../../lib/text.js';
import type { Schedule } from '../../schedules/define.js';
import { timeIn } from '../../schedules/when.js';
import type { EnginePlan, SchedulesParts } from './ports.js';
import { planNote, reasonOf } from './words.js';

/** A report that could not be posted is tried again for about a day. */
const TRY_AGAIN_MS = 60_000;
const MOST_TRIES = 1_440;
const MOST_LINES = 10;

/** Posts what came of runs, to the schedule's space or to its owner. Never leaves one out: what could not be made is said. */
export class Reports {
  constructor(private readonly parts: Pick<SchedulesParts, 'poster' | 'engine' | 'clock' | 'log'>) {}

  /** Resolves when it is posted, or will be tried again. */
  async post(schedule: Schedule, view: View): Promise<void> {
    await this.attempt(schedule, view, 1);
  }

  /** To the owner alone. */
  async tell(schedule: Schedule, view: View): Promise<void> {
    const { space: _space, ...alone } = schedule;
    await this.post(alone, view);
  }

  /** The run itself came to nothing. */
  async failed(schedule: Schedule, next: string | undefined, reason: string): Promise<void> {
    const then = next === undefined ? '' : ` Next run: ${markdown(`${timeIn(next, schedule.tz)} (${schedule.tz})`)}.`;
    await this.post(schedule, { audience: 'details', markdown: `**${markdown(schedule.title)}** could not be made: ${markdown(reason, 1500)}${then}` });
  }

  /** What the job says of its plan. Where it cannot, or may not read Webex now, the plain facts. */
  async ofPlan(means: { context: Context | { lacking: string }; job: Job | undefined; run: JobRun }, plan: EnginePlan, waits: string[]): Promise<void> {
    const { context, job, run } = means;
    const told = await this.jobPlan(plan, waits);
    let view: View | undefined;
    let why = 'lacking' in context ? context.lacking : '';
    if (job?.report !== undefined && !('lacking' in context)) {
      try {
        view = await job.report(context, run, told);
      } catch (error) {
        why = reasonOf(error, this.parts.log);
      }
    }
    await this.post(run.schedule, view ?? plainView(run.schedule, told, planNote(plan), why));
  }

  private async jobPlan(plan: EnginePlan, waits: string[]): Promise<JobPlan> {
    const { engine } = this.parts;
    const organization = plan.organization.id;
    return {
      id: plan.id, title: plan.title, waits, warnings: plan.warnings, problems: plan.problems,
      state: plan.change?.state ?? plan.state,
      // Steps that were changed outside Steward are refused; what happened is told all the same.
      steps: await engine.steps(organization, plan.id).catch(() => []),
      outcomes: await engine.outcomes(organization, plan.id),
      finishedAt: plan.change?.finishedAt,
    };
  }

  private async attempt(schedule: Schedule, view: View, tries: number): Promise<void> {
    try {
      await this.deliver(schedule, view);
    } catch (error) {
      this.parts.log.error({ error, schedule: schedule.id }, 'a report could not be posted');
      if (tries < MOST_TRIES) this.parts.clock.after(TRY_AGAIN_MS, () => { void this.attempt(schedule, view, tries + 1); });
    }
  }

  private async deliver({ title, organization, owner, space }: Schedule, view: View): Promise<void> {
    const to = { person: owner.personId, organization: organization.id };
    if (space === undefined) {
      await this.parts.poster.post(to, view);
      return;
    }
    const posted = await this.parts.poster.post({ ...to, place: { roomId: space.id, roomType: 'group', messageId: '' } }, view);
    if (sameId(posted.roomId, space.id)) return;
    await this.parts.poster.post(to, {
      audience: 'private',
      markdown: `The report above (**${markdown(title)}**) came to you and not to ${markdown(space.title)}: somebody there may not see it (who is of another organization, or not among those who may use Steward), its members cannot be read, or it takes no messages from me. A full administrator can let everybody of the organization who is there see it: write \`settings set space.details=here\` in that space.`,
    });
  }
}

function plainView({ title }: Schedule, plan: JobPlan, note: string, why: string): View {
  const troubled = plan.steps.filter(({ n }) => ['failed', 'conflict'].includes(plan.outcomes.get(n)?.state ?? ''));
  const more = troubled.length > MOST_LINES ? [`- and ${count(troubled.length - MOST_LINES, 'more')}`] : [];
  return {
    audience: 'details',
    markdown: [
      `**${markdown(title)}**: ${markdown(note, 500)} (plan **${plan.id}**)`,
      ...(why === '' ? [] : [`The full report could not be made: ${markdown(why, 1500)}`]),
      ...plan.waits.map((line) => `- It waits for a press: ${markdown(line, 700)}`),
      ...troubled.slice(0, MOST_LINES).map((step) => `- Not done: ${markdown(step.sentence, 700)}. ${markdown(plan.outcomes.get(step.n)?.reason ?? '', 500)}`),
      ...more,
    ].join('\n'),
  };
}
