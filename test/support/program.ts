import { resolve } from 'node:path';
import { ROOT, textOf } from '../structure/house.js';

/** The words after `node` of what this npm script runs, good in any folder. */
export function program(script: 'start' | 'emulator' | 'setup'): string[] {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const words = (scripts[script] ?? '').split(' ');
  return words.slice(words.indexOf('node') + 1).map((word) => (word.includes('/') ? resolve(ROOT, word) : word));
}
