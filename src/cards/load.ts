import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, Bug } from '../lib/errors.js';

/** Where the templates are: `cards/<capability>/<card>.json` beside `src`. */
export const CARDS_FOLDER = fileURLToPath(new URL('../../cards', import.meta.url));

/** Card templates by name, `<capability>/<card>`. */
export type Templates = ReadonlyMap<string, unknown>;

/** Reads all templates once, at start. Throws a Bug that names the file which is not JSON. */
export function loadTemplates(folder = CARDS_FOLDER): Templates {
  const templates = new Map<string, unknown>();
  for (const capability of readdirSync(folder, { withFileTypes: true })) {
    if (!capability.isDirectory()) continue;
    for (const file of readdirSync(join(folder, capability.name))) {
      if (!file.endsWith('.json')) continue;
      const path = join(folder, capability.name, file);
      try {
        templates.set(`${capability.name}/${file.slice(0, -'.json'.length)}`, JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        throw new Bug(`The card template ${path} cannot be read: ${messageOf(error)}`, error);
      }
    }
  }
  return templates;
}
