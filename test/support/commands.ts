import type { Command } from '../../src/bot/define.js';
import { startHere } from './world.js';

let known: Promise<readonly Command[]> | undefined;

/** Everything that can be asked for, from a Steward that was really started. */
export function allCommands(): Promise<readonly Command[]> {
  known ??= (async () => {
    const here = await startHere();
    await here.stop();
    return here.app.commands;
  })();
  return known;
}
