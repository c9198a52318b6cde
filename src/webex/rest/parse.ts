import { z } from 'zod';
import type { WebexReply } from '../call.js';
import { unexpected } from '../failures.js';
import type { Page } from '../paging.js';

/** `true`, or the text "true": Webex's description and its practice differ. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** The fields of an item that `item` made of this shape reads. */
export function fieldsOf(shape: z.ZodRawShape): string[] {
  return [...Object.keys(shape), 'errors'];
}

/**
 * An item of a list. Webex may answer 200 and say in an item's `errors` that some of its fields could not be read (`kms_failure`: the
 * title is an encrypted blob). Their names are in `unreadable`: such a value is not to be compared or shown.
 */
export function item<T extends z.ZodRawShape>(shape: T) {
  // Lists are long: compiled, an item takes half the memory, and only one that has errors is copied.
  return z.compile(z.preprocess(
    (value) => (hasErrors(value) ? { ...value, unreadable: Object.keys(value.errors) } : value),
    z.object({ ...shape, unreadable: z.array(z.string()).default([]) }),
  ));
}

function hasErrors(value: unknown): value is { errors: object } {
  const errors = typeof value === 'object' && value !== null ? (value as { errors?: unknown }).errors : undefined;
  return errors !== undefined && errors !== null;
}

/** A reply's data as `schema` says. Throws WebexUnreachable when it is something else. `changes`: the call was a write. */
export function parse<T>(schema: z.ZodType<T>, reply: WebexReply<unknown>, what: string, changes = false): T {
  return valid(schema, reply.data, what, reply.trackingId, changes);
}

/** The items of all pages, one after the other. One item that is not as `schema` says throws: it is not left out. */
export async function* each<T>(pages: AsyncIterable<Page>, schema: z.ZodType<T>, what: string): AsyncGenerator<T> {
  for await (const { items, trackingId } of pages) {
    for (const one of items) yield valid(schema, one, what, trackingId, false);
  }
}

/** All items of a list in memory. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of items) list.push(one);
  return list;
}

function valid<T>(schema: z.ZodType<T>, data: unknown, what: string, trackingId: string | undefined, changes: boolean): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.') ?? '';
  throw unexpected(where === '' ? what : `${what} with a wrong or missing ${where}`, { trackingId, changes });
}
