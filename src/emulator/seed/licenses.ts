import { publicId, stableUuid } from '../ids.js';
import type { License, Location } from '../model.js';
import { ACME, EU, US } from './acme.js';

const license = (subscription: string | undefined, name: string, totalUnits: number, siteUrl?: string, consumedByWorkspaces = 0): License => ({
  id: publicId('LICENSE', `${stableUuid('organization Acme')}:${siteUrl === undefined ? 'MS' : 'MC'}_${stableUuid(`license ${subscription ?? 'free'} ${name} ${siteUrl ?? ''}`)}`),
  orgId: ACME.id, name, totalUnits, consumedByUsers: 0, consumedByWorkspaces,
  ...(subscription === undefined ? {} : { subscriptionId: subscription }),
  ...(siteUrl === undefined ? {} : { siteUrl, siteType: 'Control Hub managed site' }),
});

/** Eighteen licenses: fifteen of two subscriptions, three free ones without. Names repeat over sites and subscriptions, as they do in real organizations. */
export function seedLicenses(people: number): License[] {
  const many = Math.max(2000, Math.ceil(people * 1.2));
  return [
    license('Sub100417', 'Messaging', many),
    license('Sub100417', 'Meeting - Webex Meeting Center', many, US),
    license('Sub100417', 'Meeting - Webex Meeting Center', many, EU),
    license('Sub100417', 'Webex Calling - Professional', Math.max(200, Math.ceil(people / 6))),
    license('Sub100417', 'Webex Calling - Standard', Math.max(100, Math.ceil(people / 20))),
    license('Sub100417', 'Shared Devices - Registration', 25, undefined, 7),
    license('Sub207733', 'Messaging', 50),
    license('Sub207733', 'Meeting - Webex Meeting Center', 40, EU),
    license('Sub207733', 'Meeting - Webex Webinars 1000', 3, US),
    license('Sub207733', 'Webex Events', 10, EU),
    license('Sub207733', 'Webex Calling - Professional', 10),
    license('Sub100417', 'Webex Calling - Attendant Console', 5),
    license('Sub100417', 'Customer Experience - Essential', 10),
    license('Sub100417', 'Advanced Space Meetings', 20),
    license('Sub207733', 'Webex Messenger', 50),
    license(undefined, 'Basic Messaging', -1),
    license(undefined, 'Basic Space Meetings', -1),
    license(undefined, 'Free screen share', -1),
  ];
}

const location = (name: string, rest: Pick<Location, 'address' | 'timeZone' | 'preferredLanguage' | 'numberPrefix' | 'routingPrefix'>): Location =>
  ({ id: publicId('LOCATION', stableUuid(`location ${name}`)), orgId: ACME.id, name, ...rest });

export const NEW_YORK = location('New York', {
  address: { address1: '350 Hudson St', city: 'New York', state: 'NY', postalCode: '10014', country: 'US' },
  timeZone: 'America/New_York', preferredLanguage: 'en_us', numberPrefix: '+1212555', routingPrefix: '8001',
});
export const BERLIN = location('Berlin', {
  address: { address1: 'Torstrasse 49', city: 'Berlin', postalCode: '10119', country: 'DE' },
  timeZone: 'Europe/Berlin', preferredLanguage: 'de_de', numberPrefix: '+4930555', routingPrefix: '8002',
});
export const LOCATIONS: readonly Location[] = [NEW_YORK, BERLIN];
