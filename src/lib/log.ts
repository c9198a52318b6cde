import { pino, type DestinationStream } from 'pino';

/** Structured log: the message is constant text, what varies goes in the fields. */
export interface Log {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
  /** A log whose lines all carry `fields`. */
  child(fields: Record<string, unknown>): Log;
  /** From now on the text is replaced by `[secret]` in every line. Texts under 8 characters are too common and left. */
  hide(secret: string): void;
}

const SHORTEST_SECRET = 8;

/** What a bearer token or an OAuth parameter looks like wherever it stands, also when nobody registered it. Codes of errors (`NOT_LINKED`) are none. */
const LOOKS_SECRET = /([Bb]earer\s+|(?:access_token|refresh_token|client_secret|code_verifier|code)["']?[=:]\s*["']?)(?![A-Z][A-Z0-9_]+["'\s&]|[A-Z][A-Z0-9_]+$)[A-Za-z0-9._~+/=-]{8,}/g;

/** A log at `level` (`silent` writes nothing) as JSON lines on `destination`, standard output by default. */
export function createLog(options: { level: string; destination?: DestinationStream }): Log {
  const secrets = new Set<string>();
  const clean = (line: string): string => {
    let text = line.replace(LOOKS_SECRET, '$1[secret]');
    for (const secret of secrets) text = text.replaceAll(secret, '[secret]');
    return text;
  };
  const target = options.destination ?? process.stdout;
  const logger = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describe, err: describe } },
    { write: (line: string) => void target.write(clean(line)) },
  );
  const wrap = (inner: typeof logger): Log => ({
    debug: (fields, message) => { inner.debug(fields, message); },
    info: (fields, message) => { inner.info(fields, message); },
    warn: (fields, message) => { inner.warn(fields, message); },
    error: (fields, message) => { inner.error(fields, message); },
    child: (fields) => wrap(inner.child(fields)),
    hide: (secret) => {
      if (secret.length >= SHORTEST_SECRET) secrets.add(secret);
    },
  });
  return wrap(logger);
}

/** Errors by name, code, message and stack; nothing of the request, whose headers hold a token. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  const extra = error as { code?: unknown; id?: unknown; trackingId?: unknown; cause?: unknown };
  return { name, message, code: extra.code, id: extra.id, trackingId: extra.trackingId, stack, cause: extra.cause instanceof Error ? extra.cause.message : undefined };
}
