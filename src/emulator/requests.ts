import type { Clock } from '../lib/clock.js';

/** One request as the emulator saw it. Never a token: headers are not kept, and bodies are cleaned. */
export interface RequestEntry {
  seq: number;
  /** Milliseconds since 1970 of arrival. */
  at: number;
  /** The same of the reply; null while none was sent, for ever when it was withheld. */
  repliedAt: number | null;
  method: string;
  path: string;
  query: Record<string, string>;
  /** Null while at work, and when the request was dropped before it was handled. */
  status: number | null;
  /** Address of the token's owner, empty without a valid token. */
  owner: string;
  body: unknown;
}

export interface RequestLog {
  begin(method: string, path: string, query: URLSearchParams): RequestEntry;
  /** Entries after `seq`, oldest first. */
  since(seq: number): RequestEntry[];
  /** Forgets the entries; the numbers go on. */
  clear(): void;
}

const KEPT = 200_000;
const SECRET_KEYS = /^(access_?token|refresh_?token|client_?secret|code|code_?verifier|secret|password|token)$/i;
const SECRET_ELEMENTS = /<((?:\w+:)?(?:accessToken|webExAccessToken|sessionTicket|password))>[^<]*</gi;

/** A copy without secrets: members with telling names, and such elements in XML. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(SECRET_ELEMENTS, '<$1>[secret]<');
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SECRET_KEYS.test(key) ? '[secret]' : withoutSecrets(item)]));
}

/** Keeps the last 200,000 requests. */
export function createRequestLog(clock: Clock): RequestLog {
  let entries: RequestEntry[] = [];
  let seq = 0;
  return {
    begin: (method, path, query) => {
      seq += 1;
      const shown: Record<string, string> = {};
      for (const [key, value] of query) shown[key] = SECRET_KEYS.test(key) ? '[secret]' : key in shown ? `${shown[key] ?? ''},${value}` : value;
      const entry: RequestEntry = { seq, at: clock.now(), repliedAt: null, method, path, query: shown, status: null, owner: '', body: undefined };
      entries.push(entry);
      // Cut in large pieces: shifting one at a time would move the whole list on every request.
      if (entries.length > KEPT * 1.1) entries = entries.slice(-KEPT);
      return entry;
    },
    since: (after) => {
      const first = entries[0]?.seq ?? 0;
      return entries.slice(Math.max(0, after - first + 1));
    },
    clear: () => { entries = []; },
  };
}
