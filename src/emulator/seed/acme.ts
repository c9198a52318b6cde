import { publicId, stableUuid } from '../ids.js';
import type { Organization, Site } from '../model.js';

/** When everything that the seed makes was made, unless it says otherwise. */
export const SEEDED = '2024-03-04T08:00:00.000Z';

export const ACME: Organization = { id: publicId('ORGANIZATION', stableUuid('organization Acme')), displayName: 'Acme', created: SEEDED };
export const GLOBEX: Organization = { id: publicId('ORGANIZATION', stableUuid('organization Globex')), displayName: 'Globex', created: SEEDED };

export const US = 'acme.webex.com';
export const EU = 'acme-eu.webex.com';
export const SITES: readonly Site[] = [{ siteUrl: US, orgId: ACME.id }, { siteUrl: EU, orgId: ACME.id }];
