/*
 * Webex does not say what its limits are, so each lane learns its own. The rate (calls a second) grows with every accepted call until
 * Webex answers 429, and is then set to what Webex was seen to accept. From then on it grows so slowly that the next 429 is about a
 * minute away and costs one or two calls. The numbers were chosen in simulated time against buckets of 5 to 100 calls a second and
 * windows of 300 a minute (test/unit/webex/pacing.test.ts).
 */

/** Calls a second of a new lane. */
const START_RATE = 40;
/** Growth while no limit was seen: a share of the rate in a second. Doubles every 1.5 s. */
const RAMP = 0.46;
/** The same when one 429 was seen, which says little. */
const SEARCH = 0.03;
/** The same near a known limit; more the longer no 429 came, so that a raised limit is found. */
const PROBE = 0.0005;
const PROBE_FASTER_AFTER = 1000;
/** How near to the measured rate a lane stays. */
const CAUTION = 0.98;
/** The first guess, as a share of the rate that was refused. */
const FIRST_GUESS = 0.75;
/** Calls whose times are kept to measure by, and the fewest by which anything can be measured. */
const MOST_TIMES = 2000;
const FEWEST_TIMES = 5;
const SLOWEST_RATE = 1;

/** The pace of one lane. */
export class LearnedRate {
  perSecond = START_RATE;
  /** When the calls since the lane's opening were sent (ms), the newest MOST_TIMES of them. */
  private times: number[] = [];
  /** The same of the stretch before, which ended with a 429 too. */
  private before: readonly number[] = [];
  /** Seconds that were waited before this stretch. */
  private waited = Infinity;
  private acceptedSinceRefusal = 0;
  /** Share of the rate by which it grows in a second, up to the rate that was refused last. */
  private growth = RAMP;
  private refusedRate = Infinity;

  sent(at: number): void {
    if (this.times.length === MOST_TIMES) this.times.splice(0, MOST_TIMES / 2);
    this.times.push(at);
  }

  /** `pressing`: others wait for their turn. A lane that nobody waits for learns nothing about its limit. */
  accepted(pressing: boolean): void {
    this.acceptedSinceRefusal += 1;
    if (!pressing) return;
    const growth = this.perSecond < CAUTION * this.refusedRate ? this.growth : PROBE;
    this.perSecond += growth * (1 + this.acceptedSinceRefusal / PROBE_FASTER_AFTER);
  }

  /**
   * The call sent at `at` was refused and `wait` seconds must pass. Sets the rate to what was accepted until then, taking Webex's limit
   * for a bucket: its size is what was sent beyond its rate, at any 429, so the rate is the one for which two 429s in a row tell the
   * same size, or what the wait between refilled. A window of a minute looks like a bucket that the wait fills: then calls over time
   * and wait are its rate.
   */
  refused(at: number, wait: number): void {
    const accepted = this.times.filter((time) => time < at);
    const seconds = (at - (accepted[0] ?? at)) / 1000;
    const recent = accepted.filter((time) => time > at - 1000).length / Math.min(1, Math.max(0.001, seconds)) + 1;
    this.times = [];
    this.acceptedSinceRefusal = 0;
    if (accepted.length === 0) return;
    if (accepted.length < FEWEST_TIMES || recent < this.perSecond / 2) {
      // It was not this lane's pace that was too much: somebody else draws on the same limit.
      this.perSecond = Math.max(SLOWEST_RATE, this.perSecond * FIRST_GUESS);
      return;
    }
    const fastest = Math.min(this.perSecond, recent);
    const slowest = Math.min(fastest, accepted.length / (seconds + wait));
    let rate = wait < 2 ? Math.max(slowest, FIRST_GUESS * fastest) : accepted.length / (seconds + wait - 0.5);
    this.growth = SEARCH;
    if (this.before.length > 0) {
      const { before, waited } = this;
      rate = highest(slowest, fastest, (guess) => overflow(accepted, guess) > Math.min(overflow(before, guess), guess * waited));
      this.growth = Math.max(PROBE, Math.min(SEARCH, 0.2 / Math.max(1, seconds * rate)));
    }
    this.perSecond = Math.max(SLOWEST_RATE, CAUTION * rate);
    this.refusedRate = fastest;
    this.before = accepted;
    this.waited = wait;
  }
}

/** How many calls sent at `times` (ms) had not drained at the last of them, at `rate` a second. */
function overflow(times: readonly number[], rate: number): number {
  let level = 0;
  let last = 0;
  for (const at of times) {
    level = Math.max(0, level - ((at - last) / 1000) * rate) + 1;
    last = at;
  }
  return level;
}

/** The highest number between two for which `holds` is true, which it is up to some point; `low` when it is not even there. */
function highest(low: number, high: number, holds: (value: number) => boolean): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 20; step += 1) {
    const middle = (from + to) / 2;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return from;
}
