import { z } from 'zod';
import type { Applied, Changed, Step, StepDraft, StepKind } from '../../changes/define.js';
import { idKey } from '../../lib/ids.js';
import { CallerMistake } from '../../lib/errors.js';
import type { ReadClient, WriteClient } from '../../webex/call.js';
import { WebexRefused } from '../../webex/errors.js';
import * as memberships from '../../webex/rest/memberships.js';
import { ROLES } from '../../webex/roles.js';
import type { SpacesParts, SpaceState, Wanted } from './define.js';
import { titleOf } from './names.js';

const ADD = 'space-member-add';
const REMOVE = 'space-member-remove';

const inputSchema = z.object({
  roomId: z.string(),
  title: z.string(),
  personId: z.string(),
  name: z.string(),
  /** As read when the plan was made; null where it is not known (undo of an addition). */
  membershipId: z.string().nullable(),
  isModerator: z.boolean(),
  as: z.enum(['me', 'bot']),
});

type Input = z.output<typeof inputSchema>;

/** Makes the steps of one space: somebody joins, somebody leaves. What all of them say of the space is worked out once. */
export function stepsFor(state: SpaceState): { joins(person: Wanted, name: string): StepDraft; leaves(member: memberships.Membership, name: string, isOutside: boolean): StepDraft } {
  const title = titleOf(state);
  const [roomId, as] = [state.room.id, state.rule.as];
  const key = idKey(roomId);
  const set = { set: key, name: title, size: state.members.length };
  const guards = { add: { limit: 'add', ...set }, removal: { limit: 'removal', ...set } } as const;
  return {
    joins: ({ personId }, name) => ({ ...draft(ADD, { roomId, title, personId, name, membershipId: null, isModerator: false, as }, `${name} joins ${title}`, key), guard: guards.add }),
    leaves: ({ personId, isModerator, id: membershipId }, name, isOutside) => ({
      ...draft(REMOVE, { roomId, title, personId, name, membershipId, isModerator, as }, `${name} leaves ${title}${isModerator ? ', where this is a moderator' : ''}`, key),
      risk: isOutside ? 'outside' : 'removal', guard: guards.removal,
    }),
  };
}

/** The input of a step of these kinds; undefined for other kinds. */
export function inputOf(step: Pick<StepDraft, 'kind' | 'input'>): (Input & { joins: boolean }) | undefined {
  return step.kind === ADD || step.kind === REMOVE ? { ...inputSchema.parse(step.input), joins: step.kind === ADD } : undefined;
}

/** Adding somebody to a space and taking somebody out of it. Webex itself tells when it is so already: 409, 404. */
export function spaceStepKinds(parts: SpacesParts): StepKind[] {
  const common = {
    version: 1, reversible: true, privileged: false, check: 'server', callsPerStep: 1,
    // Webex asks for no role; whoever may only look must not approve or undo either.
    needs: { scopes: ['spark:memberships_read', 'spark:memberships_write'], roles: [ROLES.full, ROLES.users] },
    read: async (webex: ReadClient, step: Step) => {
      const { roomId, personId, as } = given(step);
      return (await memberships.find(as === 'bot' ? parts.bot : webex, roomId, personId)) === undefined ? 'absent' : 'present';
    },
    invert,
  } as const;
  return [
    { ...common, name: ADD, label: 'add to a space', apply: async (webex, step) => add(await writerFor(parts, webex, step), given(step)) },
    { ...common, name: REMOVE, label: 'remove from a space', apply: async (webex, step) => remove(await writerFor(parts, webex, step), given(step)) },
  ];
}

async function add(webex: WriteClient, { roomId, personId, isModerator }: Input): Promise<Applied> {
  try {
    const { trackingId } = await memberships.create(webex, { roomId, personId, ...(isModerator ? { isModerator } : {}) });
    return { trackingId };
  } catch (error) {
    if (hasStatus(error, 409)) return { already: true, trackingId: error.trackingId };
    throw error;
  }
}

async function remove(webex: WriteClient, { roomId, personId, membershipId }: Input): Promise<Applied> {
  if (membershipId !== null) {
    try {
      return { trackingId: await memberships.remove(webex, membershipId) };
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }
  // Somebody who has left and come back is there under another membership.
  const found = await memberships.find(webex, roomId, personId);
  if (found === undefined) return { already: true };
  try {
    return { trackingId: await memberships.remove(webex, found.id) };
  } catch (error) {
    if (hasStatus(error, 404)) return { already: true, trackingId: error.trackingId };
    throw error;
  }
}

/** With `as=bot` the bot writes, but only for somebody who is in the space himself, also when it is undone or retried by another. */
async function writerFor(parts: SpacesParts, webex: WriteClient, step: Step): Promise<WriteClient> {
  const { as, roomId, title } = given(step);
  if (as === 'me') return webex;
  // The owner of an account's client is its person's id.
  const member = await memberships.find(webex, roomId, webex.owner).catch((error: unknown) => {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  });
  if (member !== undefined) return parts.bot;
  throw new CallerMistake({ code: 'NOT_IN_SPACE', message: `The account is not in ${title}, so the bot does not change it for this account.` });
}

function invert(step: Step, changed: Changed): StepDraft {
  const input = { ...given(step), membershipId: null };
  const back = step.kind === ADD ? REMOVE : ADD;
  const sentence = back === ADD ? `${input.name} joins ${input.title} again${input.isModerator ? ' as moderator' : ''}` : `${input.name} leaves ${input.title} again`;
  return { ...draft(back, input, sentence), before: changed.after, after: changed.before, ...(back === REMOVE ? { risk: 'removal' as const } : {}) };
}

function draft(kind: string, input: Input, sentence: string, roomKey = idKey(input.roomId)): StepDraft {
  const [before, after] = kind === ADD ? ['absent', 'present'] : ['present', 'absent'];
  return { kind, target: `space ${roomKey} ${idKey(input.personId)}`, input, before, after, sentence };
}

function given(step: Pick<StepDraft, 'input'>): Input {
  return inputSchema.parse(step.input);
}

function hasStatus(error: unknown, status: number): error is WebexRefused {
  return error instanceof WebexRefused && error.status === status;
}
