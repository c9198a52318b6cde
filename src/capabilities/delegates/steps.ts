import { z } from 'zod';
import type { Applied, Changed, Step, StepDraft, StepKind } from '../../changes/define.js';
import { Bug } from '../../lib/errors.js';
import { plain, sentenceList } from '../../lib/text.js';
import type { WriteClient } from '../../webex/call.js';
import { deleteDelegates, insertDelegates } from '../../webex/rest/meetingPreferences.js';
import { setSchedulingPermission } from '../../webex/meetings-xml/setUser.js';
import { READ_SCOPE, readDelegates, type Backend } from './read.js';

type Direction = 'insert' | 'delete';

/** `names`: how the delegates of the step are called, by lower-case address. */
const inputSchema = z.object({ host: z.string(), hostName: z.string(), site: z.string(), names: z.record(z.string(), z.string()) });
const listSchema = z.record(z.string(), z.enum(['present', 'absent']));

/** What each way of writing needs of the account. */
const NEEDS: { [backend in Backend]: StepKind['needs'] } = {
  rest: { scopes: [READ_SCOPE.rest, 'meeting:admin_preferences_write'], roles: ['Full Administrator'] },
  xml: { scopes: [READ_SCOPE.xml], roles: ['Full Administrator'] },
};

/** `delegates.insert`, `delegates.xml.delete` … */
export function stepKindOf(backend: Backend, direction: Direction): string {
  return backend === 'rest' ? `delegates.${direction}` : `delegates.xml.${direction}`;
}

/** The four kinds: insert and delete, by REST and by the Meetings XML API. */
export const delegateStepKinds: StepKind[] = (['rest', 'xml'] as const).flatMap((backend) =>
  (['insert', 'delete'] as const).map((direction) => kindOf(backend, direction)),
);

function kindOf(backend: Backend, direction: Direction): StepKind {
  return {
    name: stepKindOf(backend, direction),
    label: direction === 'insert' ? 'give permission to schedule' : 'take permission to schedule away',
    version: 1,
    reversible: true,
    privileged: false,
    check: 'read',
    needs: NEEDS[backend],
    // Read, write, read again; SetUser overwrites the whole list, so it reads once more just before.
    callsPerStep: backend === 'rest' ? 3 : 4,
    read: async (webex, step) => touched(step, await readDelegates(webex, backend, inputOf(step))),
    apply: (webex, step, live) => write(webex, backend, direction, step, elements(live)),
    invert: (step, changed) => invert(backend, direction, step, changed),
  };
}

async function write(webex: WriteClient, backend: Backend, direction: Direction, step: Step, live: Elements): Promise<Applied> {
  const { host, site } = inputOf(step);
  const wanted = elements(step.after);
  const emails = Object.keys(wanted).filter((email) => live[email] !== wanted[email]);
  if (backend === 'rest') {
    const change = direction === 'insert' ? insertDelegates : deleteDelegates;
    return { trackingId: await change(webex, { email: host, siteUrl: site }, emails) };
  }
  const whole = await readDelegates(webex, 'xml', { host, site });
  const rest = whole.filter((email) => !emails.includes(email.toLowerCase()));
  return setSchedulingPermission(webex, { site, webExId: host }, direction === 'insert' ? [...rest, ...emails] : rest);
}

function invert(backend: Backend, direction: Direction, step: Step, changed: Changed): StepDraft {
  const { host, hostName, site, names } = inputOf(step);
  const back: Direction = direction === 'insert' ? 'delete' : 'insert';
  const who = sentenceList(Object.keys(elements(changed.after)).map((email) => names[email] ?? plain(email)), 5);
  return {
    kind: stepKindOf(backend, back),
    target: step.target,
    input: { host, hostName, site, names },
    before: changed.after,
    after: changed.before,
    sentence: `${who} ${back === 'insert' ? 'may again schedule for' : 'may no longer schedule for'} ${hostName} on ${site}`,
    ...(back === 'delete' ? { risk: 'removal' as const } : {}),
  };
}

type Elements = Record<string, 'present' | 'absent'>;

function elements(value: unknown): Elements {
  const parsed = listSchema.safeParse(value);
  if (!parsed.success) throw new Bug('A delegates step does not hold a list of addresses.', parsed.error);
  return parsed.data;
}

function inputOf(step: Pick<StepDraft, 'input'>): z.infer<typeof inputSchema> {
  return inputSchema.parse(step.input);
}

/** The part of the live list that the step touches. */
function touched(step: Step, live: readonly string[]): Elements {
  const has = new Set(live.map((email) => email.toLowerCase()));
  return Object.fromEntries(Object.keys(elements(step.after)).map((email) => [email, has.has(email) ? 'present' : 'absent']));
}

