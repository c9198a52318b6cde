export type ScopeKind = 'site' | 'space' | 'organization';

/** What can be set in chat. Base URLs, proxies and keys never can. */
export interface SettingDefinition {
  key: string;
  /** What it decides, as a sentence for chat. */
  help: string;
  /** The values that can be written. */
  values: readonly { value: string; title: string }[];
  default: string;
  /** For what it can be set; the first is meant when none is named. */
  scopes: readonly ScopeKind[];
}

/** The one table of settings. */
export const SETTINGS: readonly SettingDefinition[] = [
  {
    key: 'delegates.backend', help: 'By which API scheduling permissions are read and changed', default: 'rest', scopes: ['organization', 'site'],
    values: [{ value: 'rest', title: 'by the REST API' }, { value: 'xml', title: 'by the Meetings XML API' }],
  },
  {
    key: 'space.details', help: 'Where names, addresses and plans are shown that somebody asks for in this space', default: 'direct', scopes: ['space'],
    values: [{ value: 'direct', title: 'in the 1:1 of the one who asked' }, { value: 'here', title: 'in this space, unless somebody of another organization is in it' }],
  },
  {
    // Kept as the id of the space, or empty.
    key: 'approval.space', help: 'The space that gets the cards of plans which wait for another administrator', default: '', scopes: ['organization'],
    values: [{ value: 'here', title: 'this space' }, { value: 'none', title: 'no space, only the 1:1 of those who may approve' }],
  },
  {
    key: 'mode', help: 'Whether approved plans are carried out', default: 'apply', scopes: ['organization'],
    values: [{ value: 'apply', title: 'approved plans are carried out' }, { value: 'look', title: 'everything is planned, nothing is applied' }],
  },
];
