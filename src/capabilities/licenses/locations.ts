import { orgOption, type Context } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { sameId } from '../../lib/ids.js';
import { plain, sentenceList } from '../../lib/text.js';
import * as rest from '../../webex/rest/locations.js';
import type { Calling } from './define.js';

/** The locations of the organization, read once for a command. */
export interface Locations {
  readonly all: readonly rest.Location[];
  nameOf(id: string): string | undefined;
  /** By id, or by name whatever its case. Throws CallerMistake where none or several are meant. */
  find(text: string): rest.Location;
}

export async function openLocations(context: Pick<Context, 'webex' | 'caller' | 'organization'>): Promise<Locations> {
  return locationsOf(await rest.list(context.webex, orgOption(context)));
}

/** Pure. */
export function locationsOf(all: readonly rest.Location[]): Locations {
  return {
    all,
    nameOf: (id) => all.find((one) => sameId(one.id, id))?.name,
    find: (text) => {
      const wanted = text.trim().toLowerCase();
      const found = all.filter(({ id, name }) => sameId(id, text.trim()) || name.trim().toLowerCase() === wanted);
      const [first, second] = found;
      if (first !== undefined && second === undefined) return first;
      throw new CallerMistake({
        code: 'LOCATION_UNKNOWN',
        message: first === undefined
          ? `There is no location “${plain(text, 60)}” in this organization (Webex: 400). There ${all.length === 1 ? 'is' : 'are'} ${sentenceList(all.map(({ name }) => plain(name, 60)), 10) || 'none'}.`
          : `${found.length} locations are called “${plain(text, 60)}”. Name one by its id.`,
      });
    },
  };
}

/** A number, extension and location as they were written. Throws CallerMistake for what cannot be one. */
export function callingFrom(written: { extension?: string | undefined; phone?: string | undefined; location?: string | undefined }, locations: Locations): Calling | undefined {
  const extension = written.extension?.trim() ?? '';
  const phoneNumber = (written.phone ?? '').replace(/[\s()./-]/g, '');
  if (extension !== '' && !/^\d{2,10}$/.test(extension)) throw new CallerMistake({ code: 'EXTENSION_INVALID', message: `“${plain(extension, 30)}” is no extension: 2 to 10 digits, without the routing prefix.` });
  if (phoneNumber !== '' && !/^\+\d{7,15}$/.test(phoneNumber)) throw new CallerMistake({ code: 'PHONE_INVALID', message: `“${plain(written.phone ?? '', 30)}” is no phone number: write it with + and the country code, like +12125550123.` });
  const location = written.location?.trim() ?? '';
  if (extension === '' && phoneNumber === '' && location === '') return undefined;
  // Where there is one location only, no other can be meant.
  const only = locations.all.length === 1 && phoneNumber === '' ? locations.all[0] : undefined;
  const place = location === '' ? only : locations.find(location);
  return { ...(place === undefined ? {} : { locationId: place.id }), ...(phoneNumber === '' ? {} : { phoneNumber }), ...(extension === '' ? {} : { extension }) };
}
