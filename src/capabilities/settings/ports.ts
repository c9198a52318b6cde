/** For what a setting is set. */
export type SettingScope = { kind: 'organization' } | { kind: 'site'; site: string } | { kind: 'space'; roomId: string };

/** What the settings commands are made of. */
export interface SettingsParts {
  /** Keeps settings under seal, and finds the one that holds at a place. */
  settings: {
    get(organization: string, key: string, place: { site?: string | undefined; roomId?: string | undefined }): Promise<string>;
    find(organization: string, key: string, scope: SettingScope): Promise<{ value: string; by: string; at: string } | undefined>;
    set(organization: string, key: string, scope: SettingScope, value: string, by: string): Promise<void>;
  };
  audit: { record(organization: string, event: { actor: string; action: string; subject: string; details: { [key: string]: unknown } }): Promise<void> };
  /** The site that is meant when none is named. */
  site: string | undefined;
}
