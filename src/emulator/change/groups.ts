import { z } from 'zod';
import { addGroup, changeMembers, groupHappened, removeGroup } from '../groups.js';
import { publicId, stableUuid } from '../ids.js';
import type { GroupMember, Person } from '../model.js';
import { ApiError } from '../route.js';
import type { State } from '../state.js';
import { oneOf, personOf, type Act } from './named.js';

const names = z.array(z.string()).default([]);

/** `name` or, where several groups share it, `id`. `addMachines` are names; a machine of one name is one machine everywhere. */
export const groupInput = z.strictObject({
  name: z.string().optional(), id: z.string().optional(), add: names, remove: names, addMachines: names, create: z.literal(true).optional(), delete: z.literal(true).optional(),
});

const machine = (name: string): GroupMember => ({ id: publicId('PEOPLE', stableUuid(`machine ${name}`)), type: 'machine', displayName: name });

/** Finds what a change of a group names. Throws 400. */
export function changeGroup(state: State, actor: Person, wanted: z.infer<typeof groupInput>): Act {
  const remove = wanted.remove.map((email) => personOf(state, email).id);
  const people = wanted.add.map((email): GroupMember => {
    const { id, displayName } = personOf(state, email);
    return { id, type: 'user', displayName };
  });
  const add = [...people, ...wanted.addMachines.map(machine)];
  if (wanted.create) {
    const displayName = wanted.name?.trim();
    if (!displayName || wanted.id !== undefined || wanted.delete) throw new ApiError(400, 'A group to create has a name, no id, and is not deleted.');
    return () => addGroup(state, actor, { displayName, members: add }).id;
  }
  const group = oneOf('SCIM_GROUP', state.groups.values(), wanted.id, wanted.name, ({ displayName }) => displayName);
  return () => {
    changeMembers(group, add, remove);
    if (wanted.delete) removeGroup(state, actor, group);
    else groupHappened(state, actor, group, 'updated');
    return group.id;
  };
}
