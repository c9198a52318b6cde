import { publicId } from '../ids.js';
import type { StoredFile } from '../model.js';
import { createOutbound } from '../outbound.js';
import { ApiError, type ApiRequest } from '../route.js';

/** Webex: 100 MB. */
const MAX_BYTES = 100 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 20_000;

/** A file as it was given, not yet in a space. */
export type GivenFile = Pick<StoredFile, 'name' | 'contentType' | 'bytes'>;

const outbound = createOutbound();

/** The addresses in `files` of a body. Throws 400 for more than one, or what is no http address. */
export function fileAddress(body: Record<string, unknown>): string | undefined {
  const { files } = body;
  if (files === undefined || files === null) return undefined;
  const list: unknown[] = Array.isArray(files) ? files : [files];
  if (list.length > 1) throw new ApiError(400, 'Only one file is allowed per message.');
  const address = list[0];
  if (address === undefined) return undefined;
  if (typeof address !== 'string' || !URL.canParse(address) || !/^https?:/i.test(address)) throw new ApiError(400, 'Invalid file URL.');
  return address;
}

/** The one file of a message: of a multipart request, or fetched from the address in `files`. Throws 400. */
export async function givenFile({ body, files }: ApiRequest): Promise<GivenFile | undefined> {
  const address = fileAddress(body);
  const [uploaded, second] = files;
  if (second || (uploaded && address !== undefined)) throw new ApiError(400, 'Only one file is allowed per message.');
  if (uploaded) {
    if (uploaded.name !== 'files') throw new ApiError(400, "A file is sent as the part 'files'.");
    return { name: safeName(uploaded.filename), contentType: uploaded.contentType, bytes: uploaded.bytes };
  }
  return address === undefined ? undefined : fetchFile(address);
}

async function fetchFile(address: string): Promise<GivenFile> {
  try {
    const reply = await outbound.call({ method: 'GET', url: address, headers: {}, timeoutMs: FETCH_TIMEOUT_MS, maxBytes: MAX_BYTES });
    if (reply.status !== 200) throw new Error(`The address answered ${reply.status}.`);
    const named = /filename="?([^";]+)"?/i.exec(reply.headers['content-disposition'] ?? '')?.[1];
    return { name: safeName(named ?? decode(new URL(address).pathname.split('/').at(-1) ?? '')), contentType: reply.headers['content-type'] ?? 'application/octet-stream', bytes: reply.bytes };
  } catch {
    throw new ApiError(400, 'Unable to retrieve content from the file URL.');
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A name without path and control characters. */
function safeName(name: string): string {
  return (name.split(/[\\/]/).at(-1) ?? '').replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 255) || 'file';
}

/** Makes it a file of a space. */
export function storedFile(file: GivenFile, roomId: string): StoredFile {
  return { id: publicId('CONTENT'), roomId, ...file };
}

/** `Content-Disposition` with the name in ASCII for old clients and in UTF-8. */
export function disposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\]/g, '_');
  const utf8 = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
