import type { Context, Place, Poster, View } from '../../bot/define.js';
import type { Step } from '../../changes/define.js';
import { nameOf, told, type EngineEvent, type Person, type Plan } from '../../changes/engine.js';
import { idKey, sameId } from '../../lib/ids.js';
import { markdown, sentenceList } from '../../lib/text.js';
import type { ChangesParts } from './parts.js';
import { planView } from './plan-view.js';
import { keepPosts, readPosts, type PlanCard, type PlanPosts } from './posts.js';
import { EditPace, endText, progressText } from './progress.js';
import { resultView } from './result-view.js';
import { countsText } from './words.js';

const MOST_APPROVERS = 20;
const MOST_NAMES = 5;
/** After a report that could not be posted; it is tried for about a day, and again at the next start. */
const TRY_AGAIN_MS = 60_000;
const MOST_TRIES = 1_440;

/** Tells people in Webex what the engine does: plans, progress, results. Keeps which message belongs to which plan. */
export class Announcer {
  /** What is posted about one plan goes out in order. */
  private readonly queues = new Map<string, Promise<void>>();
  private readonly paces = new Map<string, EditPace>();

  constructor(private readonly parts: ChangesParts) {}

  /** Gives a function that ends the listening. Must listen before the engine starts. */
  listen(): () => void {
    return this.parts.engine.on((event) => { this.hear(event); });
  }

  /** Resolves when all that was to be said so far of this plan is said. */
  async settled(plan: Pick<Plan, 'id' | 'organization'>): Promise<void> {
    await this.queues.get(keyOf(plan));
  }

  /** Shows a plan that waits to one more person, with the buttons that are for him. */
  async show(plan: Plan, place: Place, person: Person): Promise<void> {
    await this.queue(plan, async () => {
      const mayDecide = plan.approval.by === 'requester' || !sameId(plan.requester.personId, person.personId);
      const posts = await this.posts(plan);
      await this.postPlan(plan, posts, { place, person: person.personId, where: 'shown' }, planView(plan, await this.steps(plan), mayDecide ? 'decide' : 'wait'));
    });
  }

  private hear(event: EngineEvent): void {
    // What was approved beforehand is told by the report of its schedule; only when it cannot go on is somebody needed.
    if (event.plan.automatic !== undefined && event.type !== 'paused') {
      if (event.type === 'finished') void this.parts.engine.reported(event.plan).catch((error: unknown) => { this.parts.log.error({ error, plan: event.plan.id }, 'it could not be kept that a change was told'); });
      return;
    }
    if (event.type === 'progress') {
      if (this.paces.get(keyOf(event.plan))?.take(this.parts.clock.now(), event.progress) !== true) return;
    }
    const attempt = (tries: number): void => {
      void this.queue(event.plan, () => this.tell(event)).catch((error: unknown) => {
        this.parts.log.error({ error, plan: event.plan.id, event: event.type }, 'what happened to a plan could not be told');
        if (event.type !== 'progress' && tries < MOST_TRIES) this.parts.clock.after(TRY_AGAIN_MS, () => { attempt(tries + 1); });
      });
    };
    attempt(1);
  }

  private queue(plan: Plan, task: () => Promise<void>): Promise<void> {
    const key = keyOf(plan);
    const done = (this.queues.get(key) ?? Promise.resolve()).then(task);
    const quiet = done.catch(() => undefined);
    this.queues.set(key, quiet);
    void quiet.then(() => {
      if (this.queues.get(key) === quiet) this.queues.delete(key);
    });
    return done;
  }

  private async tell(event: EngineEvent): Promise<void> {
    const { plan } = event;
    switch (event.type) {
      case 'planned': return this.planned(plan);
      case 'reminded': return this.reminded(plan);
      case 'widened': return this.widened(plan);
      case 'approved': return this.approved(plan);
      case 'rejected':
      case 'withdrawn':
      case 'expired':
      case 'superseded': return this.ended(plan);
      case 'started': return this.started(plan);
      case 'progress': {
        const posts = await this.posts(plan);
        if (posts.progress?.open === true) await this.editProgress(plan, posts, progressText(plan, event.progress, this.parts.clock.now()));
        return;
      }
      case 'paused':
      case 'finished': return this.rests(plan);
    }
  }

  private async planned(plan: Plan): Promise<void> {
    const posts = await this.posts(plan);
    if (posts.announced === true || !(await this.stillWaits(plan))) return;
    const steps = await this.steps(plan);
    if (!posts.cards.some((card) => card.where === 'origin')) {
      await this.postPlan(plan, posts, { ...this.originOf(plan), where: 'origin' }, planView(plan, steps, plan.approval.by === 'requester' ? 'decide' : 'wait'));
    }
    if (plan.approval.by === 'other') await this.askApprovers(plan, posts, steps);
    await this.keep(plan, { ...posts, announced: true });
  }

  private async reminded(plan: Plan): Promise<void> {
    const posts = await this.posts(plan);
    if (!(await this.stillWaits(plan))) return;
    const old = posts.cards.filter((card) => card.where !== 'origin');
    posts.cards = posts.cards.filter((card) => card.where === 'origin');
    await this.askApprovers(plan, posts, await this.steps(plan));
    await this.remove(old);
    await this.say(this.originOf(plan), plan, `A reminder of plan **${plan.id}** was sent to ${markdown(sentenceList(plan.approval.eligible.slice(0, MOST_APPROVERS).map(nameOf), MOST_NAMES), 500)}.`);
  }

  private async widened(plan: Plan): Promise<void> {
    if (await this.stillWaits(plan)) await this.askApprovers(plan, await this.posts(plan), await this.steps(plan));
  }

  private async approved(plan: Plan): Promise<void> {
    const posts = await this.posts(plan);
    const cards = await this.takeCards(plan, posts);
    if (await this.isUnderWay(plan)) await this.openProgress(plan, posts);
    await this.tellOthers(plan, cards);
    if (plan.undoes === undefined) return;
    const first = (await this.parts.engine.get(plan.organization.id, plan.undoes)).decision?.by;
    if (first && !sameId(first.personId, plan.requester.personId)) {
      await this.say({ person: first.personId }, plan, `Change **${plan.undoes}**, which you approved, is being undone by ${markdown(plan.requester.displayName)} (plan ${plan.id}).`);
    }
  }

  private async ended(plan: Plan): Promise<void> {
    const posts = await this.posts(plan);
    const cards = await this.takeCards(plan, posts);
    const text = markdown(told(plan), 700);
    await this.post(this.originOf(plan), plan, {
      audience: 'details',
      markdown: `**${markdown(plan.title, 300)}** (${markdown(plan.organization.name)})\n\n${text} Nothing was changed.`,
      ...(plan.decision?.how === 'rejected' || plan.decision?.how === 'superseded' ? {} : {
        card: {
          template: 'changes/note',
          data: { title: plan.title, organization: plan.organization.name, lines: [`${told(plan)} Nothing was changed.`] },
          buttons: [{ title: 'Plan again', command: 'changes again', arguments: { id: plan.id } }],
        },
      }),
    });
    await this.tellOthers(plan, cards);
  }

  private async started(plan: Plan): Promise<void> {
    const posts = await this.posts(plan);
    if (!(await this.isUnderWay(plan))) return;
    await this.takeCards(plan, posts);
    if (posts.progress?.open === true) this.pace(plan, posts.progress.edits);
    else await this.openProgress(plan, posts);
  }

  /** Paused, done or cancelled: the progress ends, the card of the result takes its place. */
  private async rests(plan: Plan): Promise<void> {
    const { engine, clock } = this.parts;
    this.paces.delete(keyOf(plan));
    const organization = plan.organization.id;
    const posts = await this.posts(plan);
    await this.takeCards(plan, posts);
    if (posts.progress?.open === true) {
      await this.editProgress(plan, posts, endText(plan, clock.now()));
      posts.progress.open = false;
    }
    const view = resultView(plan, await engine.steps(organization, plan.id).catch(() => []), await engine.outcomes(organization, plan.id));
    const message = await this.post(this.originOf(plan), plan, view);
    // The card of a pause is of no use once it goes on; that of a result stays.
    if (plan.change?.state === 'paused') posts.cards.push({ message, person: plan.requester.personId, where: 'origin' });
    await this.keep(plan, posts);
    const approver = plan.decision?.by;
    if (approver && !sameId(approver.personId, plan.requester.personId) && plan.change?.counts) {
      await this.say({ person: approver.personId }, plan, `Change **${plan.id}** (${markdown(plan.title, 200)}), which you approved, is ${plan.change.state}: ${countsText(plan.change.counts)}.`);
    }
    await engine.reported(plan);
  }

  private async askApprovers(plan: Plan, posts: PlanPosts, steps: readonly Step[]): Promise<void> {
    const space = await this.parts.approvalSpace(plan.organization.id);
    const asked = plan.approval.eligible.slice(0, MOST_APPROVERS);
    const spokesman = asked[0]?.personId ?? plan.requester.personId;
    const targets: Target[] = asked.map(({ personId }) => ({ person: personId, where: 'approver' }));
    if (space !== undefined && space !== '') targets.push({ place: { roomId: space, roomType: 'group', messageId: '' }, person: spokesman, where: 'space' });
    const open = targets.filter((target) => !posts.cards.some((card) => card.where === target.where && sameId(card.person, target.person)));
    if (open.length === 0) return;
    const view = planView(plan, steps, 'decide');
    for (const target of open) {
      try {
        await this.postPlan(plan, posts, target, view);
      } catch (error) {
        // One approver who cannot be reached must not keep the others from being asked.
        this.parts.log.error({ error, plan: plan.id, person: target.person }, 'a plan could not be shown to an approver');
      }
    }
  }

  private steps(plan: Plan): Promise<Step[]> {
    return this.parts.engine.steps(plan.organization.id, plan.id);
  }

  private async postPlan(plan: Plan, posts: PlanPosts, target: Target, view: View): Promise<void> {
    const message = await this.post(target, plan, view);
    posts.cards.push({ message, person: target.person, where: target.where });
    await this.keep(plan, posts);
  }

  private async openProgress(plan: Plan, posts: PlanPosts): Promise<void> {
    const text = progressText(plan, undefined, this.parts.clock.now());
    const message = await this.post(this.originOf(plan), plan, { audience: 'details', markdown: text });
    posts.progress = { message, edits: 0, open: true };
    this.pace(plan, 0);
    await this.keep(plan, posts);
  }

  private pace(plan: Plan, edits: number): void {
    if (!this.paces.has(keyOf(plan))) this.paces.set(keyOf(plan), new EditPace(this.parts.clock.now(), edits));
  }

  private async editProgress(plan: Plan, posts: PlanPosts, text: string): Promise<void> {
    if (!posts.progress) return;
    posts.progress.edits += 1;
    await this.keep(plan, posts);
    try {
      await this.parts.poster.edit(posts.progress.message, text);
    } catch (error) {
      // Somebody may have deleted it; the result is told all the same.
      this.parts.log.warn({ error, plan: plan.id }, 'the progress of a change could not be shown');
    }
  }

  /** Cards whose work is over are removed; what happened is told in their place. */
  private async takeCards(plan: Plan, posts: PlanPosts): Promise<PlanCard[]> {
    const cards = posts.cards;
    if (cards.length === 0) return cards;
    await this.remove(cards);
    posts.cards = [];
    await this.keep(plan, posts);
    return cards;
  }

  private async remove(cards: readonly PlanCard[]): Promise<void> {
    for (const { message } of cards) {
      await this.parts.poster.remove(message).catch((error: unknown) => {
        this.parts.log.warn({ error }, 'a card whose work is over could not be removed');
      });
    }
  }

  /** Whoever else had the card is told what became of it. */
  private async tellOthers(plan: Plan, cards: readonly PlanCard[]): Promise<void> {
    for (const card of cards.filter(({ where }) => where === 'approver' || where === 'space')) {
      const to = card.where === 'space' ? { place: { roomId: card.message.roomId, roomType: 'group' as const, messageId: '' }, person: card.person } : { person: card.person };
      await this.say(to, plan, `${markdown(told(plan), 700)} (${markdown(plan.title, 200)})`).catch((error: unknown) => {
        this.parts.log.warn({ error, plan: plan.id }, 'an approver could not be told what became of a plan');
      });
    }
  }

  private async say(to: Pick<Target, 'place' | 'person'>, plan: Plan, text: string): Promise<void> {
    await this.post(to, plan, { audience: 'details', markdown: text });
  }

  private post({ place, person }: Pick<Target, 'place' | 'person'>, plan: Plan, view: View): ReturnType<Poster['post']> {
    return this.parts.poster.post({ ...(place === undefined ? {} : { place }), person, organization: plan.organization.id }, view);
  }

  private originOf(plan: Plan): Pick<Target, 'place' | 'person'> {
    const place = (plan.origin as { place?: Place } | undefined)?.place;
    return { ...(place === undefined ? {} : { place }), person: plan.requester.personId };
  }

  private async stillWaits(plan: Plan): Promise<boolean> {
    return (await this.parts.engine.get(plan.organization.id, plan.id)).state === 'pending';
  }

  /** A post that is tried again may come after the end. */
  private async isUnderWay(plan: Plan): Promise<boolean> {
    const state = (await this.parts.engine.get(plan.organization.id, plan.id)).change?.state;
    return state === 'queued' || state === 'running';
  }

  private records(plan: Plan): Context['records'] {
    return this.parts.records(plan.organization.id);
  }

  private posts(plan: Plan): Promise<PlanPosts> {
    return readPosts(this.records(plan), plan);
  }

  private keep(plan: Plan, posts: PlanPosts): Promise<void> {
    return keepPosts(this.records(plan), plan, posts);
  }
}

interface Target {
  place?: Place;
  person: string;
  where: PlanCard['where'];
}

function keyOf({ organization, id }: Pick<Plan, 'id' | 'organization'>): string {
  return `${idKey(organization.id)} ${id}`;
}
