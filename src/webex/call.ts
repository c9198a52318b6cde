/** One call of the Webex API, as a resource file describes it. */
export interface WebexCall {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base, made by `path` of urls.ts, which encodes and checks every segment. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Files to send with the members of `body` as `multipart/form-data`. */
  files?: FilePart[];
  /** `bytes`: the reply's data is a Buffer of at most `maxBytes`. Default: parsed JSON, undefined when the reply is empty. */
  as?: 'json' | 'bytes';
  /** Longest reply in bytes; longer ones are refused. Default 20 MiB. */
  maxBytes?: number;
  /** The resource, e.g. `people`: calls of one token owner to one resource share a pace. */
  lane: string;
  /** True when sending it twice does no harm; then it may be retried after a 5xx or a lost reply. Default: reads are, writes are not. */
  repeatable?: boolean;
  /** True for calls that answer a person in chat: on a lane closed for more than 3 s they fail at once with the waiting time, and they go before others. */
  impatient?: boolean;
  /** Ends waiting and reads; a write on its way is awaited, since it may have happened. */
  signal?: AbortSignal;
}

/** One part of a multipart request. */
export interface FilePart {
  /** The part's name: `files` for messages. */
  field: string;
  filename: string;
  contentType: string;
  content: Buffer;
}

export interface WebexReply<T> {
  status: number;
  data: T;
  /** Header names in lower case. */
  headers: Record<string, string>;
  trackingId: string | undefined;
}

/** Sends calls as one token owner. `ReadClient` refuses everything that changes Webex. */
export interface ReadClient {
  /** Whose token it is: an address or a person id, for logs and lanes. */
  readonly owner: string;
  /** Sends one call. Throws WebexRefused or WebexUnreachable (errors.ts). */
  send<T>(call: WebexCall): Promise<WebexReply<T>>;
  /** GETs an absolute link of Webex (`next`, a file), which must have the API's own origin. Lane, form and patience are those of `like`. */
  follow<T>(link: string, like: WebexCall): Promise<WebexReply<T>>;
  /** One operation of the Meetings XML API on a site. `write` says whether it changes anything. */
  xml(call: XmlCall): Promise<XmlReply>;
  /** Session tickets of the XML API, shared by all clients of this owner. Used by meetings-xml/sessions.ts. */
  readonly tickets: XmlTickets;
  /** The latest time (ms) until which Webex has asked this owner to wait; undefined when nothing waits. */
  waitingUntil(): number | undefined;
}

/** A client that may change Webex. Only the change engine's runner, linking and the bot's own posts hold one. */
export interface WriteClient extends ReadClient {
  readonly writes: true;
}

export interface XmlCall {
  /** `acme.webex.com`. */
  site: string;
  /** The whole request document, made by meetings-xml/envelope.ts. A function gets the access token (AuthenticateUser wants it inside). */
  document: string | ((accessToken: string) => string);
  /** True after the access token inside was refused: a new one is fetched first. */
  renewToken?: boolean;
  /** `GetUser`, `SetUser` …, for the log. */
  operation: string;
  write: boolean;
  /** As in WebexCall. */
  impatient?: boolean;
  signal?: AbortSignal;
}

/** The sessions of one owner. */
export interface XmlTickets {
  /** By site, lower case; a promise, so that many who need one sign in once. */
  readonly bySite: Map<string, Promise<XmlTicket>>;
  /** The time on the clock by which tickets end. */
  now(): number;
  /** Keeps a ticket out of the log. */
  hide(ticket: string): void;
}

/** A session of the XML API. */
export interface XmlTicket {
  ticket: string;
  /** The owner's login on the site. */
  webExId: string;
  /** Milliseconds since 1970, as is `expires`. */
  made: number;
  expires: number;
}

export interface XmlReply {
  status: number;
  text: string;
  trackingId?: string | undefined;
}

/** Where a client gets its bearer token from. */
export interface TokenSource {
  readonly owner: string;
  token(): Promise<string>;
  /** After a 401: a new token, one refresh for all callers at once. Throws when the grant is gone. */
  refresh(rejected: string): Promise<string>;
}
