import type { Json } from '../../../src/lib/canonical.js';
import type { Step, StepDraft, StepKind } from '../../../src/changes/define.js';
import type { WebexCall, WebexReply, WriteClient } from '../../../src/webex/call.js';
import { WebexRefused, WebexUnreachable } from '../../../src/webex/errors.js';

export interface SeenCall {
  owner: string;
  method: string;
  target: string;
  body: Json;
}

type Fault = (call: SeenCall) => Promise<unknown> | undefined;

/** A tiny Webex in memory: named sets, and named values. Everything goes through clients, so that every call is seen. */
export class FakeWebex {
  readonly sets = new Map<string, Set<string>>();
  readonly values = new Map<string, Json>();
  readonly calls: SeenCall[] = [];
  /** Before a call is processed: throws to refuse it. */
  before: Fault = () => undefined;
  /** When it was processed, before the answer: throws to lose the answer. */
  after: Fault = () => undefined;
  /** Writes of elements that are taken and not done, as in a batch that says SUCCESS. */
  readonly ignored = new Set<string>();
  waitsUntil: number | undefined;

  writes(): SeenCall[] {
    return this.calls.filter((call) => call.method !== 'GET');
  }

  set(name: string): Set<string> {
    const found = this.sets.get(name) ?? new Set<string>();
    this.sets.set(name, found);
    return found;
  }

  client(owner: string): WriteClient {
    const unexpected = (): never => {
      throw new Error('The fake Webex has no such call.');
    };
    return {
      writes: true,
      owner,
      tickets: undefined as never,
      waitingUntil: () => this.waitsUntil,
      follow: unexpected,
      xml: unexpected,
      send: async <T>(call: WebexCall): Promise<WebexReply<T>> => {
        const seen: SeenCall = { owner, method: call.method, target: call.path, body: (call.body ?? null) as Json };
        this.calls.push(seen);
        await ended(this.before(seen), call.method === 'GET' ? call.signal : undefined);
        const data = this.process(call) as T;
        await ended(this.after(seen), call.method === 'GET' ? call.signal : undefined);
        return { status: 200, data, headers: {}, trackingId: `FAKE_${this.calls.length}` };
      },
    };
  }

  private process(call: WebexCall): unknown {
    if (call.method === 'GET') return call.path.startsWith('set ') ? [...this.set(call.path)] : (this.values.get(call.path) ?? null);
    const body = call.body as { add?: string[]; remove?: string[]; value?: Json };
    for (const key of body.add ?? []) if (!this.ignored.has(key)) this.set(call.path).add(key);
    for (const key of body.remove ?? []) if (!this.ignored.has(key)) this.set(call.path).delete(key);
    if (body.value !== undefined) this.values.set(call.path, body.value);
    return body.value ?? null;
  }
}

/** Waits for the fault; a read is ended by its signal, as by the real client. */
async function ended(fault: Promise<unknown> | undefined, signal: AbortSignal | undefined): Promise<void> {
  if (fault === undefined || signal === undefined) {
    await fault;
    return;
  }
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => { reject(signal.reason as Error); };
    signal.addEventListener('abort', onAbort);
  });
  await Promise.race([fault, aborted]).finally(() => { signal.removeEventListener('abort', onAbort); });
}

export function refused(status: number, words = 'no'): WebexRefused {
  return new WebexRefused({ code: `WEBEX_${status}`, message: 'Webex refused.', status, words, trackingId: 'TRACK_1' });
}

export function lost(): WebexUnreachable {
  return new WebexUnreachable({ code: 'WEBEX_UNREACHABLE', message: 'Webex did not answer.', mayHaveHappened: true });
}

/** Somebody asks, and Webex is down: nothing happened. */
export function down(): WebexUnreachable {
  return new WebexUnreachable({ code: 'WEBEX_UNREACHABLE', message: 'Webex did not answer.', mayHaveHappened: false });
}

const kindDefaults = { label: 'set something', version: 1, reversible: true, privileged: false, callsPerStep: 3, needs: { scopes: ['write'], roles: ['Full Administrator'] } };

function setKind(name: string, check: StepKind['check'], more: Partial<StepKind> = {}): StepKind {
  return {
    ...kindDefaults,
    name,
    check,
    read: async (webex, step) => {
      const { data } = await webex.send<string[]>({ method: 'GET', path: step.target, lane: 'fake' });
      return Object.fromEntries(Object.keys(step.after as object).map((key) => [key, data.includes(key) ? 'present' : 'absent']));
    },
    apply: async (webex, step, live) => {
      const wanted = Object.entries(step.after as Record<string, string>).filter(([key, value]) => (live as Record<string, string>)[key] !== value);
      const add = wanted.filter(([, value]) => value === 'present').map(([key]) => key);
      const remove = wanted.filter(([, value]) => value === 'absent').map(([key]) => key);
      try {
        return { trackingId: (await webex.send({ method: 'POST', path: step.target, body: { add, remove }, lane: 'fake' })).trackingId };
      } catch (error) {
        if (error instanceof WebexRefused && error.status === 409) return { already: true };
        throw error;
      }
    },
    invert: (step, changed) => ({ kind: name, target: step.target, input: null, before: changed.after, after: changed.before, sentence: `Not: ${step.sentence}` }),
    ...more,
  };
}

function valueKind(name: string, check: StepKind['check'], more: Partial<StepKind> = {}): StepKind {
  return {
    ...setKind(name, check),
    read: async (webex, step) => (await webex.send<Json>({ method: 'GET', path: step.target, lane: 'fake' })).data,
    apply: async (webex, step) => {
      const { data, trackingId } = await webex.send<Json>({ method: 'PUT', path: step.target, body: { value: step.after }, lane: 'fake' });
      return { live: data, trackingId };
    },
    ...more,
  };
}

export const KINDS: StepKind[] = [
  setKind('set', 'read'),
  setKind('server-set', 'server'),
  valueKind('value', 'read'),
  valueKind('reply-value', 'reply'),
  setKind('forever', 'read', { reversible: false }),
  setKind('admin', 'read', { privileged: true }),
];

/** Adds (or, with a leading minus, removes) elements of a set. */
export function setStep(name: string, keys: string[], kind = 'set'): StepDraft {
  const wanted = keys.map((key): [string, boolean] => (key.startsWith('-') ? [key.slice(1), false] : [key, true]));
  return {
    kind,
    target: `set ${name}`,
    input: null,
    before: Object.fromEntries(wanted.map(([key, add]) => [key, add ? 'absent' : 'present'])),
    after: Object.fromEntries(wanted.map(([key, add]) => [key, add ? 'present' : 'absent'])),
    sentence: `${keys.join(', ')} in ${name}`,
  };
}

export function valueStep(name: string, before: Json, after: Json, kind = 'value'): StepDraft {
  return { kind, target: `value ${name}`, input: null, before, after, sentence: `${name} is ${JSON.stringify(after)}` };
}

export type { Step };
