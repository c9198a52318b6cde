import { ADMIN_ROLES, ROLE_NAMES, roleId } from '../roles.js';
import { ApiError, ok, type Route } from '../route.js';

const all = ROLE_NAMES.map((name) => ({ id: roleId(name), name }));
const scopes = ['spark-admin:roles_read'];
const roles = [...ADMIN_ROLES];

export const routes: Route[] = [
  { method: 'GET', path: '/roles', scopes, roles, bots: false, handle: () => ok({ items: all }) },
  {
    method: 'GET', path: '/roles/:roleId', scopes, roles, bots: false,
    handle: ({ params }) => {
      const role = all.find(({ id }) => id === params.roleId);
      if (!role) throw new ApiError(404, 'Role not found.');
      return ok(role);
    },
  },
];
