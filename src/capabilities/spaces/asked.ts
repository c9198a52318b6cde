import type { Context } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { idKey, randomToken, sameId } from '../../lib/ids.js';
import { hashOf } from '../../lib/canonical.js';
import type { Options } from './arguments.js';
import type { Rule } from './define.js';
import { meaningOf } from './rules.js';
import type { Meant, PairRow, Ref } from './wishes.js';

const COLLECTION = 'space-drafts';
const DAY_MS = 24 * 60 * 60_000;

/** One written name and what it can mean. */
export interface Named {
  written: string;
  candidates: Ref[];
  /** One has exactly this name, or this id. */
  sure: boolean;
  /** The card has the candidates as choices. */
  asked: boolean;
}

/** What a card asks to confirm, kept for the person who asked, for a day. Sealed record `space-drafts/<id>`. */
export interface Draft {
  /** Person id. */
  caller: string;
  /** ISO 8601. */
  until: string;
  kind: 'link' | 'import' | 'unlink';
  rows: PairRow[];
  groups: Named[];
  spaces: Named[];
  options: Partial<Options>;
  replace: boolean;
  /** Rows that could not be used. */
  bad: number;
  /** Of a file: its header, and the cells of the rows that a choice decides about, by line. */
  file?: { header: string[]; cells: [number, string[]][] };
  /** Of unlink: the rule, and the groups that it stops following (none: all). */
  unlink?: { space: string; groups: string[] };
  /** The rules that the card showed, by idKey of the space: what they decided then. */
  seen: Record<string, string>;
}

/** Keeps a draft and gives the id that the card's button is bound to. Drafts that are past their time go. */
export async function keepDraft(context: Pick<Context, 'sealed' | 'caller' | 'clock'>, draft: Omit<Draft, 'caller' | 'until'>): Promise<string> {
  const drafts = context.sealed<Draft>(COLLECTION);
  const now = context.clock.now();
  // One that was changed outside is worth nothing: it is left to its end.
  for (const { id, value, version } of await drafts.list(() => undefined)) if (Date.parse(value.until) < now) await drafts.delete(id, version);
  const id = randomToken();
  await drafts.put(id, { ...draft, caller: context.caller.personId, until: new Date(now + DAY_MS).toISOString() }, 0);
  return id;
}

/** The draft of a card. Somebody else's answers as one that is not there. Throws CallerMistake `DRAFT_GONE`. */
export async function findDraft(context: Pick<Context, 'sealed' | 'caller' | 'clock'>, id: string | undefined): Promise<Draft> {
  const found = id === undefined ? undefined : (await context.sealed<Draft>(COLLECTION).get(id))?.value;
  if (found === undefined || !sameId(found.caller, context.caller.personId) || Date.parse(found.until) < context.clock.now()) {
    throw new CallerMistake({ code: 'DRAFT_GONE', message: 'There is nothing of yours to confirm here (a card can be confirmed for a day). Write “spaces link”, “spaces unlink” or “spaces import” to get a new one.' });
  }
  return found;
}

/** What rules decide now, by idKey of their space: what a card shows, so that nothing else is saved than what was seen. */
export function seenOf(rules: readonly Rule[], spaces?: readonly Ref[]): Record<string, string> {
  const only = spaces && new Set(spaces.map(({ id }) => idKey(id)));
  return Object.fromEntries(rules.filter(({ space }) => only?.has(idKey(space.id)) !== false).map((rule) => [idKey(rule.space.id), hashOf(meaningOf(rule))]));
}

/** What the written names mean after the card's choices: what was not asked is what was found. */
export function meantBy(named: readonly Named[], chosen: readonly string[]): Meant {
  return new Map(named.map(({ written, candidates, asked, sure }) => [written, asked ? candidates.filter(({ id }) => chosen.includes(id)) : sure ? candidates : []]));
}
