import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../structure/house.js';
import { licensesFigures } from './licenses.js';
import { changeFigures, listingFigures, type Figure, type Sizes } from './measures.js';
import { spacesFigures } from './spaces.js';
import { PINS } from './tools.js';

/*
 * npm run bench -- [--quick] [--readme] [--only start,reply,group,small,large,free,webhook,spaces,licenses,listing]
 * Steward, the emulated Webex and the load as three processes, Steward on a core of its own where `taskset` is. Prints a table and a
 * line of JSON, and with --readme writes the table into README.md. Nothing is asserted: the figures depend on the machine.
 */
const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, readme: { type: 'boolean', default: false }, only: { type: 'string', default: '' }, 'node-options': { type: 'string' } } });
const only = values.only === '' ? [] : values.only.split(',');
const FULL: Sizes = { steps: 2000, perSecond: 200, loadSeconds: 10, people: 100_000, large: { group: 10_000, space: 5000, both: 2500 }, licensed: 5000 };
const QUICK: Sizes = { steps: 400, perSecond: 100, loadSeconds: 2, people: 5000, large: { group: 1000, space: 500, both: 250 }, licensed: 500 };
// What Steward's process runs with besides, as a profiler.
const options = values['node-options'];
const sizes: Sizes = { ...(values.quick ? QUICK : FULL), ...(options === undefined ? {} : { env: { NODE_OPTIONS: options } }) };

const figures: Figure[] = [];
const say = (found: readonly Figure[]): void => {
  figures.push(...found);
  for (const { what, value } of found) process.stderr.write(`${what}: ${value}\n`);
};
// Those that need an organization of their own.
const large = { spaces: spacesFigures, licenses: licensesFigures, listing: listingFigures };
if (only.length === 0 || only.some((name) => !(name in large))) await changeFigures(sizes, only, say);
for (const [name, part] of Object.entries(large)) if (only.length === 0 || only.includes(name)) say(await part(sizes));

const table = [
  '| what | reach | measured |', '|---|---|---|',
  ...figures.map(({ what, reach, value, reached }) => `| ${what} | ${reach} | ${value}${reached === false ? ' ✗' : ''} |`),
].join('\n');
const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? '', node: process.version, pinned: PINS !== undefined };
process.stdout.write(`\n${table}\n\n${JSON.stringify({ machine, sizes, figures })}\n`);

if (values.readme) {
  const path = join(ROOT, 'README.md');
  const readme = readFileSync(path, 'utf8');
  writeFileSync(path, readme.replace(/<!-- bench -->[\s\S]*<!-- \/bench -->/, () => `<!-- bench -->\n${table}\n<!-- /bench -->`));
}
