import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import { ApiError, type ApiRequest } from './route.js';

/** Webex takes files up to 100 MB. */
const FILE_LIMIT = 100 * 1024 * 1024;
const TEXT_LIMIT = 4 * 1024 * 1024;

/** The whole body. Throws an ApiError 413 when it is larger than 4 MB. */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > TEXT_LIMIT) throw new ApiError(413, 'The request is larger than the server is willing to process.');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

export interface ReadBody {
  body: Record<string, unknown>;
  files: ApiRequest['files'];
}

/** Reads JSON (also JSON patch), and multipart where `multipart` is true. Other types are 415, broken JSON is 400. */
export async function readBody(request: IncomingMessage, multipart: boolean): Promise<ReadBody> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (multipart && type === 'multipart/form-data') return readMultipart(request);
  const bytes = await readBytes(request);
  if (bytes.length === 0) return { body: {}, files: [] };
  if (!/^application\/(json|json-patch\+json)$/.test(type)) throw new ApiError(415, `Content type '${type}' not supported`);
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    if (body !== null && typeof body === 'object') return { body: body as Record<string, unknown>, files: [] };
  } catch {
    // Falls through: the same answer as for JSON that is not an object.
  }
  throw new ApiError(400, 'The request body is not valid JSON.');
}

function readMultipart(request: IncomingMessage): Promise<ReadBody> {
  return new Promise((resolve, reject) => {
    const read: ReadBody = { body: {}, files: [] };
    const fail = (): void => { reject(new ApiError(400, 'The multipart body could not be read.')); };
    try {
      const parser = busboy({ headers: request.headers, defParamCharset: 'utf8', limits: { fileSize: FILE_LIMIT, files: 10, fields: 50 } });
      parser.on('field', (name, value) => { read.body[name] = value; });
      parser.on('file', (name, stream, info) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('limit', () => { reject(new ApiError(413, 'The file is larger than 100 MB.')); });
        stream.on('close', () => read.files.push({ name, filename: info.filename ?? '', contentType: info.mimeType, bytes: Buffer.concat(parts) }));
      });
      parser.on('error', fail);
      parser.on('close', () => { resolve(read); });
      request.on('aborted', fail);
      request.pipe(parser);
    } catch {
      fail();
    }
  });
}
