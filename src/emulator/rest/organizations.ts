import { canonicalId } from '../fields.js';
import { ADMIN_ROLES } from '../roles.js';
import { ApiError, ok, type Route } from '../route.js';

const scopes = ['spark-admin:organizations_read'];
const roles = [...ADMIN_ROLES];

/** Only the caller's own organization: no partner relations are emulated. */
export const routes: Route[] = [
  {
    method: 'GET', path: '/organizations', scopes, roles, bots: false,
    handle: ({ state, caller }) => ok({ items: [state.organizations.get(caller.person.orgId)].filter(Boolean) }),
  },
  {
    method: 'GET', path: '/organizations/:orgId', scopes, roles, bots: false,
    handle: ({ state, caller, params }) => {
      const organization = canonicalId('ORGANIZATION', params.orgId ?? '') === caller.person.orgId ? state.organizations.get(caller.person.orgId) : undefined;
      if (!organization) throw new ApiError(404, 'Organization not found.');
      return ok(organization);
    },
  },
];
