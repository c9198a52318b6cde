import type { Access, Argument } from '../../bot/define.js';
import { ROLES } from '../../webex/roles.js';

/** What is only read about licenses. */
export const READ_ACCESS: Access = { linked: true, scopes: ['spark-admin:licenses_read'], roles: [ROLES.full, ROLES.users, ROLES.readOnly] };

/** What is also read about people. */
export const PEOPLE_READ_ACCESS: Access = { ...READ_ACCESS, scopes: [...READ_ACCESS.scopes, 'spark-admin:people_read'] };

/** Templates decide about later changes, so whoever makes one must be somebody who may assign licenses. */
export const TEMPLATES_ACCESS: Access = { ...READ_ACCESS, roles: [ROLES.full, ROLES.users] };

export const oneLicenseArgument: Argument = {
  name: 'license', kind: 'text', label: 'License', required: true, positional: true,
  help: 'name or id; where several have the name, add the site or the subscription, or choose',
};
