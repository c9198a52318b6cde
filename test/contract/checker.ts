import type { Operation, Pattern, Quirk, Schema, Spec } from './spec.js';

/** One place where what went over the wire differs from the official description. */
export interface Finding {
  /** `GET /people/{personId}` */
  operation: string;
  side: 'request' | 'response';
  code: 'operation-unknown' | 'status-undocumented' | 'media-type' | 'query-unknown' | 'query-invalid' | 'query-missing' | 'body-schema' | 'property-undeclared';
  /** JSON pointer of the schema that does not hold. */
  schema: string;
  /** JSON pointer into the body. */
  where: string;
  message: string;
  keyword: string;
  /** The property, value, status or parameter that it is about. */
  name: string;
}

/** One call as it went over the wire. `path` is below `/v1`. */
export interface Exchange {
  method: string;
  path: string;
  query: Record<string, string>;
  requestType: string;
  request: unknown;
  status: number;
  responseType: string;
  response: unknown;
}

export interface Checker {
  /** Differences that no known quirk of the description explains. */
  check(exchange: Exchange): Finding[];
  /** The operation of the description that a call is, e.g. `GET /people/me`. */
  operationOf(method: string, path: string): string | undefined;
  operations: string[];
}

export function createChecker(spec: Spec, quirks: readonly Quirk[]): Checker {
  const rows = Object.entries(spec.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, pattern: patternOf(path), operation })),
  );
  // A path without parameters is meant before one with (`/people/me` before `/people/{personId}`).
  rows.sort((a, b) => (a.path.match(/\{/g)?.length ?? 0) - (b.path.match(/\{/g)?.length ?? 0));
  const find = (method: string, path: string): (typeof rows)[number] | undefined => rows.find((row) => row.name.startsWith(`${method} `) && row.pattern.test(path));

  return {
    operations: rows.map((row) => row.name),
    operationOf: (method, path) => find(method, path)?.name,
    check: (exchange) => {
      const row = find(exchange.method, exchange.path);
      const findings = row === undefined ? [unknown(exchange)] : differences(spec, row.name, row.path, row.operation, exchange);
      return findings.filter((finding) => !quirks.some((quirk) => quirk.match.some((pattern) => explains(pattern, finding))));
    },
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`);
}

function unknown({ method, path }: Exchange): Finding {
  return { operation: `${method} ${path}`, side: 'request', code: 'operation-unknown', schema: '#/paths', where: '', message: 'is not in the description', keyword: '', name: path };
}

function differences(spec: Spec, operation: string, path: string, described: Operation, exchange: Exchange): Finding[] {
  const findings: Finding[] = [];
  const at = `#/paths/${path.replaceAll('/', '~1')}/${exchange.method.toLowerCase()}`;
  const add = (side: Finding['side'], code: Finding['code'], rest: Partial<Finding>): void => {
    findings.push({ operation, side, code, schema: at, where: '', message: '', keyword: '', name: '', ...rest });
  };
  for (const [name, value] of Object.entries(exchange.query)) {
    const parameter = described.parameters?.find((one) => one.in === 'query' && one.name === name);
    if (parameter === undefined) add('request', 'query-unknown', { name, message: `the query parameter ${name} is not described` });
    else if (!fitsQuery(parameter.schema, value)) add('request', 'query-invalid', { name, message: `${name}=${value} does not fit ${JSON.stringify(parameter.schema)}` });
  }
  // What is asked of a call holds for calls that were meant to work.
  if (exchange.status < 400) {
    for (const parameter of described.parameters ?? []) {
      if (parameter.in === 'query' && parameter.required === true && !(parameter.name in exchange.query)) add('request', 'query-missing', { name: parameter.name });
    }
    const content = described.requestBody?.content;
    if (exchange.request !== undefined) {
      const schema = content?.[exchange.requestType]?.schema;
      if (content?.[exchange.requestType] === undefined) add('request', 'media-type', { name: exchange.requestType });
      else if (schema !== undefined) compare(spec, schema, `${at}/requestBody/content/${exchange.requestType.replaceAll('/', '~1')}/schema`, exchange.request, '', (rest) => { add('request', rest.code, rest); });
    }
  }
  const response = described.responses[String(exchange.status)];
  if (response === undefined) add('response', 'status-undocumented', { name: String(exchange.status), message: `answers ${exchange.status}` });
  else {
    const resolved = response.$ref === undefined ? response : spec.components.responses[response.$ref.split('/').at(-1) ?? ''];
    const schema = resolved?.content?.[exchange.responseType]?.schema;
    if (schema !== undefined) compare(spec, schema, `${at}/responses/${exchange.status}`, exchange.response, '', (rest) => { add('response', rest.code, rest); });
    else if (exchange.response !== undefined && exchange.status < 400) add('response', 'media-type', { name: exchange.responseType });
  }
  return findings;
}

function fitsQuery(schema: Schema | undefined, value: string): boolean {
  if (schema?.enum !== undefined && !schema.enum.map(String).includes(value)) return false;
  if (schema?.type === 'number' || schema?.type === 'integer') return value !== '' && Number.isFinite(Number(value));
  if (schema?.type === 'boolean') return value === 'true' || value === 'false';
  return true;
}

type Add = (finding: Pick<Finding, 'code' | 'schema' | 'where' | 'message' | 'keyword' | 'name'>) => void;

/** Types, enums, required and undeclared members; formats and lengths are prose in the description. */
function compare(spec: Spec, schema: Schema, pointer: string, value: unknown, where: string, add: Add): void {
  if (schema.$ref !== undefined) {
    const target = spec.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    if (target !== undefined) compare(spec, target, schema.$ref, value, where, add);
    return;
  }
  const at = where === '' ? '/' : where;
  const type = typeOf(value);
  if (schema.type !== undefined && !fitsType(schema, type)) {
    add({ code: 'body-schema', schema: pointer, where: at, message: `must be ${schema.type}, is ${type}`, keyword: 'type', name: String(value) });
    return;
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    add({ code: 'body-schema', schema: pointer, where: at, message: `is not one of ${schema.enum.join(', ')}`, keyword: 'enum', name: String(value) });
  }
  if (Array.isArray(value)) {
    const items = schema.items;
    if (items !== undefined) value.forEach((item, index) => { compare(spec, items, `${pointer}/items`, item, `${where}/${index}`, add); });
  } else if (type === 'object') members(spec, schema, pointer, value as Record<string, unknown>, where, add);
}

function members(spec: Spec, schema: Schema, pointer: string, value: Record<string, unknown>, where: string, add: Add): void {
  for (const name of schema.required ?? []) {
    if (!(name in value)) add({ code: 'body-schema', schema: pointer, where: where === '' ? '/' : where, message: `must have ${name}`, keyword: 'required', name });
  }
  if (schema.properties === undefined) return;
  for (const [name, item] of Object.entries(value)) {
    const property = schema.properties[name];
    if (property !== undefined) compare(spec, property, `${pointer}/properties/${name}`, item, `${where}/${name}`, add);
    else if (typeof schema.additionalProperties !== 'object') {
      add({ code: 'property-undeclared', schema: pointer, where: `${where}/${name}`, message: `${name} is not described`, keyword: 'properties', name });
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function fitsType(schema: Schema, type: string): boolean {
  if (type === 'null') return schema.nullable === true;
  return schema.type === 'integer' ? type === 'number' : schema.type === type;
}

/** A pattern explains a finding if all its members hold; `schema` holds of the named place and all below it. */
function explains(pattern: Pattern, finding: Finding): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    const has = finding[key as keyof Finding];
    return [wanted].flat().some((one) => (key === 'schema' ? has === one || has.startsWith(`${one}/`) : has === one));
  });
}
