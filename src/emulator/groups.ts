import { randomUUID } from 'node:crypto';
import { recordAudit } from './audit.js';
import { keyOf, publicId } from './ids.js';
import type { Group, GroupMember, Person } from './model.js';
import { tell } from './spaces.js';
import type { State } from './state.js';

/** Tells and audits what somebody did to a group. */
export function groupHappened(state: State, actor: Person, group: Group, event: 'created' | 'updated' | 'deleted'): void {
  group.lastModified = state.clock.iso();
  const verb = event === 'updated' ? 'changed' : event;
  tell(state, { resource: 'groups', event, actorId: actor.id, subject: group });
  recordAudit(state, actor, { eventCategory: 'GROUPS', eventDescription: `A group was ${verb}`, actionText: `${actor.displayName} ${verb} ${group.displayName}`,
    targetType: 'GROUP', targetId: group.id, targetName: group.displayName });
}

/** Takes members out, then adds those who are not there yet. */
export function changeMembers(group: Group, add: readonly GroupMember[], remove: readonly string[]): void {
  const gone = new Set(remove);
  const members = new Map(group.members.filter(({ id }) => !gone.has(id)).map((member) => [member.id, member]));
  for (const member of add) if (!members.has(member.id)) members.set(member.id, { ...member });
  group.members = [...members.values()];
}

/** Makes a group of the actor's organization. Names need not be unique. */
export function addGroup(state: State, actor: Person, wanted: Pick<Group, 'displayName' | 'members'> & { description?: string }): Group {
  const now = state.clock.iso();
  const group: Group = { id: publicId('SCIM_GROUP', `${randomUUID()}:${keyOf(actor.orgId)}`), orgId: actor.orgId, ...wanted, created: now, lastModified: now };
  changeMembers(group, wanted.members, wanted.members.map(({ id }) => id));
  state.groups.set(group.id, group);
  groupHappened(state, actor, group, 'created');
  return group;
}

/** Deletes a group, also out of the groups that it is nested in. */
export function removeGroup(state: State, actor: Person, group: Group): void {
  state.groups.delete(group.id);
  for (const other of state.groups.values()) other.members = other.members.filter(({ id }) => id !== group.id);
  groupHappened(state, actor, group, 'deleted');
}
