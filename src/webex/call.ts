/** One call of the Webex API, as a resource file describes it. */
export interface WebexCall {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base, made by `path` of urls.ts, which encodes and checks every segment. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** The resource, e.g. `people`: calls of one token owner to one resource share a pace. */
  lane: string;
  /** True when sending it twice does no harm; then it may be retried after a 5xx or a lost reply. Default: reads are, writes are not. */
  repeatable?: boolean;
  /** True for calls that answer a person in chat: on a closed lane they fail at once with the waiting time instead of waiting. */
  impatient?: boolean;
  signal?: AbortSignal;
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
  /** Follows a `next` link, which must have the API's own origin. */
  follow<T>(link: string, like: WebexCall): Promise<WebexReply<T>>;
  /** One operation of the Meetings XML API on a site. `write` says whether it changes anything. */
  xml(call: XmlCall): Promise<XmlReply>;
}

/** A client that may change Webex. Only the change engine's runner, linking and the bot's own posts hold one. */
export interface WriteClient extends ReadClient {
  readonly writes: true;
}

export interface XmlCall {
  /** `acme.webex.com`. */
  site: string;
  /** The whole request document, made by meetings-xml/envelope.ts. */
  document: string;
  /** `GetUser`, `SetUser` …, for the log. */
  operation: string;
  write: boolean;
  signal?: AbortSignal;
}

export interface XmlReply {
  status: number;
  text: string;
}

/** Where a client gets its bearer token from. */
export interface TokenSource {
  readonly owner: string;
  token(): Promise<string>;
  /** After a 401: a new token, one refresh for all callers at once. Throws when the grant is gone. */
  refresh(rejected: string): Promise<string>;
}
