import type { Json } from '../lib/canonical.js';
import type { Clock } from '../lib/clock.js';
import { CallerMistake, messageOf, StewardError } from '../lib/errors.js';
import { plain } from '../lib/text.js';
import { WebexRefused, WebexUnreachable } from '../webex/errors.js';
import type { ReadClient, WriteClient } from '../webex/call.js';
import { difference, fit } from './compare.js';
import type { Applied, Changed, Outcome, Step, StepKind } from './define.js';
import type { Journal } from './journal.js';

/** A write whose answer was lost is made once more, if Webex shows that it did not happen. */
const TRIES = 2;
const LONGEST_REASON = 500;

/** What one step is done with. */
export interface Tools {
  kind: StepKind;
  reader: ReadClient;
  writer: WriteClient;
  journal: Journal;
  clock: Clock;
  /** Waits in ms between readings, since Webex shows some changes late. */
  patience: readonly number[];
  signal: AbortSignal;
  /** Whether the whole change must stop because of this error, which then says nothing about the step. */
  stops(error: unknown): Promise<boolean>;
}

/** The change must stop; the step is as before, and its turn comes again. */
export class StepPutOff extends Error {}

/**
 * Does one step: look, say what is intended, write, verify. `doubt` is the live value from before a call of which nobody knows
 * whether it happened; then Webex is read first. `truthOnly`: only find that out, write nothing.
 * Throws StepPutOff when the change must stop; any other error leaves an intent without an outcome.
 */
export async function perform(tools: Tools, step: Step, doubt?: Json, truthOnly = false): Promise<Outcome> {
  return new Performance(tools, step, doubt, truthOnly).run();
}

class Performance {
  /** The live value from before anything of ours. */
  private base: Json = null;

  constructor(
    private readonly tools: Tools,
    private readonly step: Step,
    private readonly doubt: Json | undefined,
    private readonly truthOnly: boolean,
  ) {}

  async run(): Promise<Outcome> {
    const { tools, step, doubt } = this;
    let live: Json;
    try {
      live = await this.look();
    } catch (error) {
      if (tools.signal.aborted || (await tools.stops(error))) throw new StepPutOff();
      const failed: Outcome = { state: 'failed', ...wordsOf(error) };
      return doubt === undefined ? failed : { ...failed, unconfirmed: true };
    }
    for (let attempt = 1; ; attempt += 1) {
      const how = fit(step, live);
      if (how === 'already') return this.alreadySo(live);
      if (how === 'conflict') return { state: 'conflict', reason: conflictReason(step, live), ...this.changed(live) };
      if (this.truthOnly) return { state: 'cancelled', ...this.changed(live) };
      if (attempt > TRIES) return this.unanswered(live);
      if (doubt === undefined && attempt === 1) await tools.journal.intend(step.n, live);
      let applied: Applied;
      try {
        applied = await tools.kind.apply(tools.writer, step, live);
      } catch (error) {
        if (tools.signal.aborted && !(error instanceof StewardError)) throw error;
        if (await tools.stops(error)) {
          tools.journal.void(step.n);
          throw new StepPutOff();
        }
        if (isRefusal(error)) return this.refused(error);
        const truth = await this.patiently((value) => difference(this.base, value) !== undefined).catch(() => undefined);
        if (tools.signal.aborted) throw error;
        if (truth === undefined) return { state: 'failed', unconfirmed: true, ...wordsOf(error) };
        // Only a lost answer is a reason to try again; an error of our own would come again.
        if (!(error instanceof WebexUnreachable) && fit(step, truth) !== 'already') return { state: 'failed', ...wordsOf(error), ...this.changed(truth) };
        live = truth;
        continue;
      }
      return this.verified(applied, doubt !== undefined || attempt > 1);
    }
  }

  private async look(): Promise<Json> {
    const { step, tools, doubt } = this;
    if (doubt === undefined) {
      this.base = tools.kind.check === 'server' ? step.before : await this.read();
      return this.base;
    }
    this.base = doubt;
    // What was sent before a crash may arrive or show a moment later.
    return this.patiently((value) => difference(doubt, value) !== undefined);
  }

  /** Skipped when it was so before us, done when our write of before a crash or a lost answer made it so. */
  private alreadySo(live: Json): Outcome {
    const changed = difference(this.base, live);
    return changed === undefined ? { state: 'skipped', reason: 'It was already so.' } : { state: 'done', changed };
  }

  private unanswered(live: Json): Outcome {
    if (this.tools.kind.isHidden?.(this.step) === true) return { state: 'failed', unconfirmed: true, reason: 'Webex gave no answer, and does not show whether the change was made.' };
    return { state: 'failed', reason: 'Webex gave no answer, and the change was not made.', ...this.changed(live) };
  }

  /** Webex said no. A write of several elements may have been taken in part. */
  private async refused(error: unknown): Promise<Outcome> {
    const { tools } = this;
    const failed: Outcome = { state: 'failed', ...wordsOf(error) };
    if (tools.kind.check !== 'read') return failed;
    const live = await this.read().catch(() => undefined);
    return live === undefined ? failed : { ...failed, ...this.changed(live) };
  }

  /** `again`: the write was perhaps made before, so that "already so" means our own. */
  private async verified(applied: Applied, again: boolean): Promise<Outcome> {
    const { tools, step } = this;
    const tracking = applied.trackingId === undefined ? {} : { trackingId: applied.trackingId };
    if (tools.kind.check === 'server') {
      if (applied.already === true && !again) return { state: 'skipped', reason: 'It was already so.' };
      return { state: 'done', changed: { before: step.before, after: step.after }, ...tracking };
    }
    let live: Json;
    try {
      live = tools.kind.check === 'reply' && applied.live !== undefined ? applied.live : await this.patiently((value) => fit(step, value) === 'already');
    } catch (error) {
      if (tools.signal.aborted) throw error;
      return { state: 'failed', unconfirmed: true, reason: `Webex took the change, but could not be asked whether it holds. ${wordsOf(error).reason}`, ...tracking };
    }
    const changed = difference(this.base, live);
    if (applied.besides !== undefined) return { state: 'failed', reason: applied.besides, ...(changed === undefined ? {} : { changed }), ...tracking };
    if (fit(step, live) === 'already') return { state: 'done', ...(changed === undefined ? {} : { changed }), ...tracking };
    if (changed === undefined) return { state: 'failed', unconfirmed: true, reason: tools.kind.shortfall?.(step, live) ?? 'Webex took the change, but does not show it.', ...tracking };
    return { state: 'failed', reason: tools.kind.shortfall?.(step, live) ?? 'Webex took only a part of the change.', changed, ...tracking };
  }

  /** Reads until the value is as wished, or patience is at its end; gives the last value. Errors count as a value not yet seen. */
  private async patiently(wished: (live: Json) => boolean): Promise<Json> {
    const { tools } = this;
    for (let attempt = 0; ; attempt += 1) {
      const wait = tools.patience[attempt];
      try {
        const live = await this.read();
        if (wait === undefined || wished(live)) return live;
      } catch (error) {
        if (wait === undefined || tools.signal.aborted) throw error;
      }
      await tools.clock.sleep(wait, tools.signal);
    }
  }

  private read(): Promise<Json> {
    return this.tools.kind.read(this.tools.reader, this.step);
  }

  private changed(live: Json): { changed?: Changed } {
    const changed = difference(this.base, live);
    return changed === undefined ? {} : { changed };
  }
}

/** Whether the error says for certain that Webex did not do it. */
function isRefusal(error: unknown): boolean {
  // A CallerMistake is found before anything is sent.
  return error instanceof WebexRefused || error instanceof CallerMistake || (error instanceof WebexUnreachable && !error.mayHaveHappened);
}

function conflictReason(step: Step, live: Json): string {
  return `Somebody else has changed it since the plan was made: it was ${shown(step.before)} and is now ${shown(live)}. It was left as it is.`;
}

function shown(value: Json): string {
  return plain(typeof value === 'string' ? value : JSON.stringify(value), 120);
}

/** What chat may say of an error: Webex's own words, and the id by which its support finds the call. */
export function wordsOf(error: unknown): { reason: string; trackingId?: string } {
  if (!(error instanceof StewardError)) return { reason: `Steward itself failed: ${plain(messageOf(error), LONGEST_REASON)}` };
  const words = error instanceof WebexRefused || error instanceof WebexUnreachable ? plain(error.words, LONGEST_REASON) : '';
  const code = error instanceof WebexRefused && error.errorCode !== undefined ? ` (${plain(error.errorCode, 20)})` : '';
  const trackingId = (error as { trackingId?: string }).trackingId;
  return {
    reason: words === '' ? error.message : `${error.message} Webex says: ${words}${code}`,
    ...(trackingId === undefined ? {} : { trackingId: plain(trackingId, 120) }),
  };
}
