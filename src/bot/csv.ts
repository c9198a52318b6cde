import type { Clock } from '../lib/clock.js';
import { CallerMistake } from '../lib/errors.js';
import { plain } from '../lib/text.js';
import type { ReadClient } from '../webex/call.js';
import { WebexRefused } from '../webex/errors.js';
import * as contents from '../webex/rest/contents.js';
import * as messages from '../webex/rest/messages.js';
import type { AttachedCsv, Command } from './define.js';

const LARGEST_CSV = 5 * 1024 * 1024;

/** The CSV file of a message; undefined when it has none. Throws CallerMistake for a file that Webex does not hand out. */
export async function csvOf(bot: ReadClient, clock: Clock, message: Pick<messages.Message, 'files'>): Promise<AttachedCsv | undefined> {
  const url = message.files[0];
  if (url === undefined) return undefined;
  try {
    const { name, contentType, bytes } = await contents.download(bot, clock, url, { maxBytes: LARGEST_CSV });
    return /\.(csv|txt|tsv)$/i.test(name) || /csv|text\/plain/i.test(contentType) ? { filename: plain(name, 100), bytes } : undefined;
  } catch (error) {
    if (!(error instanceof WebexRefused) || ![410, 423, 428].includes(error.status)) throw error;
    throw new CallerMistake({ code: 'FILE_REFUSED', message: `The file could not be read: ${error.message}` });
  }
}

/** The CSV of a message that was posted before. */
export async function csvOfMessage(bot: ReadClient, clock: Clock, messageId: string): Promise<AttachedCsv | undefined> {
  return csvOf(bot, clock, await messages.get(bot, messageId));
}

/** The commands whose columns are those of the file: all that must be there, and none that they do not know. */
export function commandsForCsv(csv: AttachedCsv, commands: readonly Command[]): Command[] {
  const line = readable(csv.bytes.subarray(0, 4096)).split(/\r?\n/).find((one) => /^\s*[^\s#]/.test(one)) ?? '';
  const columns = line.split(/[,;\t]/).map((column) => column.trim().replace(/^"|"$/g, '').toLowerCase()).filter((column) => column !== '');
  if (columns.length === 0) return [];
  return commands.filter(({ csv: wanted }) => {
    if (wanted === undefined) return false;
    const known = wanted.map((column) => column.replace(/\?$/, '').toLowerCase());
    const required = wanted.filter((column) => !column.endsWith('?')).map((column) => column.toLowerCase());
    return required.every((column) => columns.includes(column)) && columns.every((column) => known.includes(column));
  });
}

/** Headers are plain letters, so the encoding matters only where every second byte is empty. */
function readable(bytes: Buffer): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16().toString('utf16le').replace(/^\uFEFF/, '');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0) return bytes.toString('utf16le').replace(/^\uFEFF/, '');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
