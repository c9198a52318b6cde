import type { Route } from './route.js';
import { routes as adminAudit } from './rest/adminAudit.js';
import { routes as attachmentActions } from './rest/attachmentActions.js';
import { routes as authorizations } from './rest/authorizations.js';
import { routes as contents } from './rest/contents.js';
import { routes as groups } from './rest/groups.js';
import { routes as licenses } from './rest/licenses.js';
import { routes as locations } from './rest/locations.js';
import { routes as meetingPreferences } from './rest/meetingPreferences.js';
import { routes as memberships } from './rest/memberships.js';
import { routes as messages } from './rest/messages.js';
import { routes as organizations } from './rest/organizations.js';
import { routes as people } from './rest/people.js';
import { routes as roles } from './rest/roles.js';
import { routes as rooms } from './rest/rooms.js';
import { routes as teamMemberships } from './rest/teamMemberships.js';
import { routes as teams } from './rest/teams.js';
import { routes as webhooks } from './rest/webhooks.js';

/** The one table: which call exists, and which scope and role it needs. */
export const ROUTES: readonly Route[] = [
  ...people, ...roles, ...organizations, ...licenses, ...locations, ...groups, ...meetingPreferences, ...authorizations, ...adminAudit,
  ...rooms, ...memberships, ...teams, ...teamMemberships, ...messages, ...contents, ...attachmentActions, ...webhooks,
];
