import { CallerMistake, StewardError, messageOf } from '../lib/errors.js';
import { randomToken } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { markdown } from '../lib/text.js';
import { WebexRefused, WebexUnreachable } from '../webex/errors.js';

/** An error as markdown for chat. What is not the caller's and not Webex's is logged, and chat gets the id that finds the line. */
export function explained(error: unknown, log: Log): string {
  if (error instanceof CallerMistake) return markdown(error.message, 2000);
  if (error instanceof WebexRefused || error instanceof WebexUnreachable) {
    log.warn({ error }, 'Webex did not do what a command needed');
    const words = error instanceof WebexRefused && error.words !== '' ? ` Webex says: “${markdown(error.words, 500)}”` : '';
    const tracking = error.trackingId === undefined ? '' : ` (tracking id ${markdown(error.trackingId, 100)})`;
    return `${markdown(error.message, 1000)}${words}${tracking}`;
  }
  const id = error instanceof StewardError ? error.id : randomToken(6);
  log.error({ error, errorId: id, reason: messageOf(error) }, 'a command failed');
  return `Something is wrong on our side. Error id: ${id}`;
}
