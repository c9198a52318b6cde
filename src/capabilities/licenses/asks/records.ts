import type { Context } from '../../../bot/define.js';
import { idKey } from '../../../lib/ids.js';
import { DAY_MS } from '../activity.js';
import type { Ask, Asked } from './define.js';

const ASKS = 'license-asks';
const ASKED = 'license-asked';
/** Answers can be read for so long after the last day on which they could be given. */
const KEPT_MS = 90 * DAY_MS;

type Means = Pick<Context, 'sealed'>;

/** Keeps a new question. What is long over goes with it. */
export async function keepAsk(context: Pick<Context, 'sealed' | 'clock'>, ask: Ask): Promise<void> {
  const asks = context.sealed<Ask>(ASKS);
  // What was changed outside is worth nothing: it is left to its end.
  for (const { id, value, version } of await asks.list(() => undefined)) {
    if (Date.parse(value.by) + KEPT_MS > context.clock.now()) continue;
    const records = context.sealed<Asked>(ASKED);
    for (const asked of await records.list(() => undefined)) if (asked.value.ask === id) await records.delete(asked.id, asked.version);
    await asks.delete(id, version);
  }
  await asks.put(ask.id, ask, 0);
}

/** Undefined where the organization has none of this id. Throws SealBroken. */
export async function findAsk({ sealed }: Means, id: string): Promise<Ask | undefined> {
  return (await sealed<Ask>(ASKS).get(id))?.value;
}

/** Questions that were really put to somebody, each with all whom it was put to; the newest first. */
export async function askedQuestions({ sealed }: Means): Promise<{ ask: Ask; asked: Asked[] }[]> {
  const all = (await sealed<Asked>(ASKED).list()).map(({ value }) => value);
  return (await sealed<Ask>(ASKS).list())
    .map(({ value: ask }) => ({ ask, asked: all.filter((one) => one.ask === ask.id) }))
    .filter(({ asked }) => asked.length > 0)
    .sort((a, b) => b.ask.by.localeCompare(a.ask.by));
}

/** What is kept of one person who was asked. */
export function askedOf({ sealed }: Means, ask: string, personId: string): { read(): Promise<{ value: Asked; version: number } | undefined>; put(asked: Asked, version: number): Promise<number>; remove(version: number): Promise<void> } {
  const records = sealed<Asked>(ASKED);
  const id = `${ask}-${idKey(personId)}`;
  return { read: () => records.get(id), put: (asked, version) => records.put(id, asked, version), remove: (version) => records.delete(id, version) };
}
