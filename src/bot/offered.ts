import type { Card } from '../cards/render.js';
import { sameId } from '../lib/ids.js';
import type { Button, Command } from './define.js';

/** What of a card's buttons somebody is shown. */
export interface Offered {
  buttons: Button[];
  /** Ids of inputs that only buttons which were left out would have taken. */
  idle: ReadonlySet<string>;
  /** A sentence of our own words, where buttons were left out and none is left. */
  note?: string;
}

/** Decides about the buttons of one card. `isShared`: others see it too. */
export type Offering = (buttons: readonly Button[], isShared: boolean) => Offered;

/** Finds a command by its name; a form's own buttons have none. */
type Find = (name: string) => Command | undefined;

/** Whether any of these buttons asks for a role at all: else nobody's roles need to be read. */
export function asksForRoles(buttons: readonly Button[], find: Find): boolean {
  return buttons.some(({ command }) => (find(command)?.access.roles ?? []).length > 0);
}

/**
 * What somebody with these roles is offered: no button that would only be refused. Scopes do not count, since who presses
 * without them is offered to link again. A button for somebody else stays. So do buttons for everybody on a card in a group
 * space: that card is everybody's, and whoever there may do more can press at once what the one who asked may not.
 */
export function offeringTo(caller: { personId: string; roles: readonly string[] }, find: Find): Offering {
  const cannot = ({ command, only }: Button, isShared: boolean): boolean => {
    if (only === undefined ? isShared : !sameId(only, caller.personId)) return false;
    const roles = find(command)?.access.roles ?? [];
    return roles.length > 0 && !roles.some((role) => caller.roles.includes(role));
  };
  return (all, isShared) => {
    const left = all.filter((button) => cannot(button, isShared));
    const buttons = all.filter((button) => !left.includes(button));
    const roles = [...new Set(left.flatMap(({ command }) => find(command)?.access.roles ?? []))];
    return {
      buttons, idle: idleInputs(left, buttons, find),
      ...(left.length > 0 && buttons.length === 0 ? { note: `To go on from here you need the role ${roles.join(' or ')}.` } : {}),
    };
  };
}

/** A button takes the inputs that its command has arguments for. */
function idleInputs(left: readonly Button[], kept: readonly Button[], find: Find): Set<string> {
  const takes = ({ command }: Button): string[] => (find(command)?.arguments ?? []).map(({ name }) => name);
  const idle = new Set(left.flatMap(takes));
  for (const name of kept.flatMap(takes)) idle.delete(name);
  return idle;
}

/** The card without idle inputs (nor what held nothing else), and with the note. */
export function fitted(card: Card, { idle, note }: Pick<Offered, 'idle' | 'note'>): Card {
  const body = idle.size === 0 ? card.body : (without(card.body, idle) as unknown[]);
  return { ...card, body: note === undefined ? body : [...body, { type: 'TextBlock', text: note, isSubtle: true, wrap: true }] };
}

/** Undefined for what goes. */
function without(value: unknown, idle: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, idle)).filter((one) => one !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const { type, id, items } = value as { type?: unknown; id?: unknown; items?: unknown };
  if (typeof type === 'string' && type.startsWith('Input.') && typeof id === 'string' && idle.has(id)) return undefined;
  const kept = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, without(member, idle)])) as { items?: unknown[] };
  return Array.isArray(items) && items.length > 0 && kept.items?.length === 0 ? undefined : kept;
}
