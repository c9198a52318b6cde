import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../structure/house.js';

/** The official description stands beside the checkout where it is at hand; it is not part of the project. */
const FOLDER = join(ROOT, '../shared/webex-openapi');

export interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
}

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

type Content = Record<string, { schema?: Schema }>;

interface Response {
  $ref?: string;
  content?: Content;
}

export interface Operation {
  parameters?: Parameter[];
  requestBody?: { content?: Content };
  responses: Record<string, Response>;
}

export interface Spec {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Response> };
}

/** Members that all have to hold of a finding; lists mean any of them. */
export type Pattern = Partial<Record<'operation' | 'side' | 'code' | 'schema' | 'where' | 'message' | 'keyword' | 'name', string | string[]>>;

export interface Quirk {
  id: string;
  title: string;
  match: Pattern[];
}

/** Whether the official description is here to be checked against. */
export const specIsHere = existsSync(join(FOLDER, 'webex.openapi.json'));

export function loadSpec(): { spec: Spec; quirks: Quirk[] } {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
  return { spec: read('webex.openapi.json') as Spec, quirks: (read('quirks.json') as { quirks: Quirk[] }).quirks };
}
