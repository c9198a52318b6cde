import type { Person, Token } from './model.js';
import type { State } from './state.js';

/** The caller of one emulated request, as the token says. */
export interface Caller {
  token: Token;
  person: Person;
}

/** One request as a handler sees it: token checked, scope and role of the route present, body parsed. */
export interface ApiRequest {
  state: State;
  caller: Caller;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON, `{}` when there was none. */
  body: Record<string, unknown>;
  /** Files of a multipart request. */
  files: { name: string; filename: string; contentType: string; bytes: Buffer }[];
  /** The absolute address of this API, with `/v1`, for links and file addresses. */
  baseUrl: string;
  /** The path and query as they came, for `Link`. */
  url: string;
}

export interface ApiReply {
  status: number;
  headers?: Record<string, string>;
  /** JSON, or bytes as they are. Absent for 204. */
  body?: unknown;
}

/** One row of the table that says which call needs which scope and role. */
export interface Route {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`, with `:name` for a segment. */
  path: string;
  /** Any one of these must be in the token. A bot's token has no scopes: it passes where `bots` is true. */
  scopes: string[];
  /** Any one of these roles must be the caller's; empty: everyone. */
  roles: string[];
  bots: boolean;
  /** Takes `multipart/form-data` too: fields become `body`, files `files`. Elsewhere multipart is 415. */
  multipart?: true;
  handle: (request: ApiRequest) => ApiReply | Promise<ApiReply>;
}

/** Thrown by a handler: becomes Webex's error body `{message, errors: [{description, errorCode?}], trackingId}`. */
export class ApiError extends Error {
  /** Instead of the list: Webex nests what is wrong with a card. */
  errors?: Record<string, unknown>;

  /** `description` is the message again unless given. */
  constructor(
    readonly status: number, message: string, readonly errorCode?: number, readonly headers: Record<string, string> = {}, readonly description = message,
  ) {
    super(message);
  }
}

/** A 200 with a JSON body. */
export function ok(body: unknown): ApiReply {
  return { status: 200, body };
}

export const noContent: ApiReply = { status: 204 };

/** One call of the Meetings XML API, read but not yet done. */
export interface XmlCall {
  /** `GetUser`: stands in the request log as `/WBXService/XMLService/GetUser`. */
  operation: string;
  /** Address of the caller as far as the message proves it, else empty. */
  owner: string;
  respond: () => ApiReply | Promise<ApiReply>;
  /** What a caller over his limit gets: HTTP 200 with exceptionID 000045. */
  tooMany: () => ApiReply;
}

/** The XML endpoint, `meetings-xml/endpoint.ts` exports it as `readXmlCall`. `text` is the request's body. Never throws. */
export type ReadXmlCall = (state: State, text: string) => XmlCall;
