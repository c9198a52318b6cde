import { titlesOf, type Message, type Person } from './person.js';
import type { World } from './world.js';

/** Tests that move the clock: Steward and its Webex have the same one only where both are in this process. */
export const timed = process.env.STEWARD_WORLD === 'processes' ? describe.skip : describe;

/** Moves the clock of Steward and Webex, as `12h`: what falls due on the way is begun. */
export async function advance(world: World, by: string): Promise<void> {
  await world.control('POST', 'clock', { advance: by });
}

/** The eight signs of the schedule that a message shows. */
export function scheduleIn({ text = '' }: Message): string {
  const id = /- Id: ([0-9a-f]{8})/.exec(text)?.[1];
  if (id === undefined) throw new Error(`No schedule in: ${text}`);
  return id;
}

/** The next plan that a run asks somebody for in the 1:1. */
export function waiting(person: Person): Promise<Message> {
  return person.hears((message) => titlesOf(message).includes('Approve'));
}
