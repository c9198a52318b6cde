import { statSync } from 'node:fs';

/** The files that take longest: they start many processes, or live through Webex's pauses. Those that mostly wait stand between those that compute. */
const LONG = [
  'flows/kill', 'flows/licenses', 'flows/changes', 'browser/licenses', 'flows/schedules', 'unit/bot/inbound', 'flows/licenses-rules', 'unit/store/lowdb-files', 'browser/chat',
  'flows/spaces', 'flows/faults', 'flows/licenses-truth', 'flows/spaces-large', 'flows/licenses-move', 'flows/delegates', 'flows/spaces-apply', 'flows/reports', 'browser/spaces',
];

/** The order in which Jest begins test files: no long one is left for the end, when nothing else can run beside it. Of the others the larger go first. */
export default class Sequencer {
  sort(tests) {
    const rank = (path) => {
      const at = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    return [...tests].sort((a, b) => rank(a.path) - rank(b.path) || statSync(b.path).size - statSync(a.path).size);
  }

  /** Jest tells how long each took; nothing is kept. */
  cacheResults() {}
}
