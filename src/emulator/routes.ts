import type { Route } from './route.js';
import { routes as adminAudit } from './rest/adminAudit.js';
import { routes as authorizations } from './rest/authorizations.js';
import { routes as groups } from './rest/groups.js';
import { routes as licenses } from './rest/licenses.js';
import { routes as meetingPreferences } from './rest/meetingPreferences.js';
import { routes as organizations } from './rest/organizations.js';
import { routes as people } from './rest/people.js';
import { routes as roles } from './rest/roles.js';

/** The one table: which call exists, and which scope and role it needs. */
export const ROUTES: readonly Route[] = [...people, ...roles, ...organizations, ...licenses, ...groups, ...meetingPreferences, ...authorizations, ...adminAudit];
