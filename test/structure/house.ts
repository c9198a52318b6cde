import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The top of the checkout. */
export const ROOT = join(import.meta.dirname, '../..');

/** All files below a folder of the checkout with one of these endings, as paths from its top, in order. */
export function filesBelow(folder: string, ...endings: string[]): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}

/** A file of the checkout as text. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** How many lines a file has. */
export function linesOf(path: string): number {
  return textOf(path).split('\n').length - 1;
}

/**
 * Who may import what within `src`: the first row whose pattern fits the importing file decides. `self` is the importing file's own
 * folder, `*` everything. A capability may use the definitions of the shell and the engine, never another capability.
 */
const DEFINES = ['bot/define', 'bot/times', 'changes/define', 'schedules/define', 'schedules/when'];
const CAPABILITY = ['lib/', 'cards/', 'webex/', 'directory/', 'self', ...DEFINES];
export const MAY_IMPORT: { from: RegExp; may: string[] }[] = [
  { from: /^lib\//, may: ['lib/'] },
  { from: /^config\.ts$/, may: ['lib/'] },
  { from: /^(webex|store|cards)\//, may: ['lib/', 'self'] },
  { from: /^(accounts|directory)\//, may: ['lib/', 'webex/', 'store/', 'self'] },
  // An account's client is handed in: only its type and its errors are known here.
  { from: /^(changes|schedules)\//, may: ['lib/', 'store/', 'webex/errors', 'webex/call', 'self'] },
  { from: /^http\//, may: ['lib/', 'webex/signature', 'webex/oauth', 'self'] },
  { from: /^bot\//, may: ['lib/', 'cards/', 'changes/', 'accounts/', 'store/', 'schedules/', 'webex/rest/', 'webex/errors', 'webex/call', 'self'] },
  { from: /^capabilities\/index\.ts$/, may: ['capabilities/', 'lib/', 'webex/call', ...DEFINES] },
  { from: /^capabilities\/changes\//, may: [...CAPABILITY, 'changes/'] },
  { from: /^capabilities\/accounts\//, may: [...CAPABILITY, 'accounts/'] },
  { from: /^capabilities\/schedules\//, may: [...CAPABILITY, 'schedules/'] },
  { from: /^capabilities\//, may: CAPABILITY },
  { from: /^emulator\//, may: ['lib/clock', 'lib/log', 'self'] },
  { from: /^app(-[a-z]+)?\.ts$/, may: ['lib/', 'config', 'webex/', 'store/', 'cards/', 'accounts/', 'directory/', 'changes/', 'schedules/', 'http/', 'bot/', 'capabilities/', 'app'] },
  { from: /^(main|setup|doctor)\.ts$/, may: ['lib/', 'config', 'app', 'doctor', 'webex/', 'accounts/', 'store/'] },
  { from: /^demo\.ts$/, may: ['lib/', 'config', 'app', 'emulator/'] },
];

/** Whether a file under `src` may import another; paths as from `src`. */
export function allowed(from: string, to: string): boolean {
  const row = MAY_IMPORT.find((one) => one.from.test(from));
  if (row === undefined) return false;
  const parts = from.split('/');
  const own = parts[0] === 'capabilities' ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
  return row.may.some((start) => (start === 'self' ? parts.length > 1 && to.startsWith(`${own}/`) : to.startsWith(start)));
}
