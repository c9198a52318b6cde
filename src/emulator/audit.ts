import { randomUUID } from 'node:crypto';
import { bareId, keyOf } from './ids.js';
import type { Person } from './model.js';
import type { State } from './state.js';

/** What an admin audit event says beside who and when. `targetId` is a public id, or an address where Webex has none. */
export interface Audited {
  /** As in `GET /adminAudit/eventCategories`: USERS, GROUPS, MEETINGS … */
  eventCategory: string;
  eventDescription: string;
  actionText: string;
  targetType: string;
  targetId: string;
  targetName: string;
}

/** Writes an admin audit event. Ids are base64 of bare UUIDs, as Webex's examples have them. */
export function recordAudit(state: State, actor: Person, audited: Audited): void {
  const organization = state.organizations.get(actor.orgId);
  const orgId = bareId(actor.orgId);
  state.audit.push({
    id: Buffer.from(randomUUID()).toString('base64').replace(/=+$/, ''), created: state.clock.iso(), actorId: bareId(actor.id), actorOrgId: orgId,
    data: {
      ...audited, targetId: keyOf(audited.targetId) === '' ? audited.targetId : bareId(audited.targetId),
      actorName: actor.displayName, actorEmail: actor.emails[0] ?? '', actorIp: '127.0.0.1', actorUserAgent: 'emulator',
      actorOrgName: organization?.displayName ?? '', adminRoles: actor.roles, targetOrgId: orgId, targetOrgName: organization?.displayName ?? '',
      trackingId: `ATLAS_${randomUUID()}_0`,
    },
  });
}
