import type { PersonRef } from '../../bot/define.js';
import type { License } from '../../webex/rest/licenses.js';

/** What kind of license it is, as far as its name and fields tell; decides which rules of Webex hold for it. Made in catalog.ts. */
export type Kind =
  | 'calling-professional' | 'calling-standard' | 'calling-workspace' | 'attendant-console' | 'cx-essentials'
  | 'meetings' | 'space-meetings' | 'free-meetings' | 'messaging' | 'free-messaging' | 'screen-share' | 'messenger' | 'workspace' | 'other';

/** A license with what is needed to name and to use it. Names repeat over subscriptions and sites: the id is the key. */
export interface Known {
  license: License;
  kind: Kind;
  /** "Webex Meetings Suite on acme.webex.com", with the subscription where that is needed to tell it from others. */
  label: string;
  /** Seats that are left; undefined for an unlimited one, and where Webex does not tell. */
  left: number | undefined;
}

/** What a calling license needs: a number or an extension; the location when there is no number. */
export interface Calling {
  locationId?: string;
  phoneNumber?: string;
  extension?: string;
}

/** One thing to do for a person. `from`: what is taken in exchange for what is given; that is an operation of its own besides. */
export type Operation =
  | { what: 'license'; known: Known; operation: 'add' | 'remove'; calling?: Calling; from?: Known }
  /** To be an attendee on a site. Being a host there comes with a license of the site. */
  | { what: 'site'; site: string; operation: 'add' | 'remove' };

/** All that is wanted for one person: one call. */
export interface Wish {
  person: PersonRef;
  operations: Operation[];
  /** All of it or nothing: a move, which must not leave anybody with neither license. */
  together?: true;
}

/** A person as Webex shows him just now, of his own licenses and sites. */
export interface Holder {
  person: PersonRef;
  isExternal: boolean;
  /** License ids as Webex gives them; compared as ids. */
  licenses: string[];
  /** Lower-case site hosts on which he is an attendee. */
  attendeeOf: string[];
  /** What goes with a calling license, to be given back by undo. */
  calling: Calling;
}
