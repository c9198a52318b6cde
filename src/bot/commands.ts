import { Bug } from '../lib/errors.js';
import type { Capability, Command } from './define.js';

/** `delegates add`; a noun alone has no verb. */
export function nameOf(command: Pick<Command, 'noun' | 'verb'>): string {
  return command.verb === '' ? command.noun : `${command.noun} ${command.verb}`;
}

/** All commands by name. */
export interface CommandTable {
  readonly all: readonly Command[];
  find(name: string): Command | undefined;
  /** The commands of one noun, in their order. */
  of(noun: string): Command[];
  readonly nouns: readonly string[];
  /** The known name that is most like what was written, if any is near. */
  nearest(written: string): string | undefined;
}

/** Throws a Bug when two commands have one name: the process must not start with one of them hidden. */
export function createCommandTable(capabilities: readonly Capability[]): CommandTable {
  const byName = new Map<string, Command>();
  for (const command of capabilities.flatMap((capability) => capability.commands)) {
    const name = nameOf(command);
    if (byName.has(name)) throw new Bug(`Two commands are called ${name}.`);
    byName.set(name, command);
  }
  const all = [...byName.values()];
  const nouns = [...new Set(all.map((command) => command.noun))];
  return {
    all,
    nouns,
    find: (name) => byName.get(name.toLowerCase()),
    of: (noun) => all.filter((command) => command.noun === noun.toLowerCase()),
    nearest: (written) => nearestOf([...byName.keys(), ...nouns], written.toLowerCase()),
  };
}

/** The candidate with the fewest edits, when those are few for its length. */
export function nearestOf(candidates: readonly string[], written: string): string | undefined {
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(candidate, written);
    if (edits <= Math.max(1, Math.floor(candidate.length / 3)) && (best === undefined || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** How many letters must be added, left out, changed or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same, isSwap ? (before[j - 2] ?? 0) + 1 : Infinity));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
