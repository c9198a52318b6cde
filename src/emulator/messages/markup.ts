import type { Person } from '../model.js';

/** Whom a mention names; undefined where Webex makes no mention of it. */
export type FindPerson = (wanted: { id: string } | { email: string }) => Person | undefined;

/** A formatted message as Webex keeps it. */
export interface Rendered {
  html: string;
  /** Plain text, with mentions as the names that are shown. */
  text: string;
  mentionedPeople: string[];
  mentionedGroups: string[];
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00A0' };

/** Character data or an attribute's value of HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** The five entities of XML, `&nbsp;` and numbers; others stay as they are. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,6}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const point = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
