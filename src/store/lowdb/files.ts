import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** About how much text is joined into one write. */
const CHUNK_CHARACTERS = 256 * 1024;

/** Flushes a folder, so that names made, changed or removed in it last. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and its parents (0700), each of them lasting. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === first || folder === dirname(folder)) return;
  }
}

/** Opens a file (0600) for reading and writing, made with its folder when it is not there. */
export async function openFile(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await makeFolder(dirname(path));
  const handle = await open(path, 'w+', FILE_MODE);
  try {
    await syncFolder(dirname(path));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}

/** Replaces a file whole or not at all: temp file, fsync, rename, fsync of the folder. Gives the number of bytes. */
export async function writeWhole(path: string, parts: Iterable<string>): Promise<number> {
  await makeFolder(dirname(path));
  const temporary = `${path}.new`;
  let bytes = 0;
  try {
    const handle = await open(temporary, 'w', FILE_MODE);
    try {
      for (const chunk of chunks(parts)) {
        const buffer = Buffer.from(chunk, 'utf8');
        await handle.writeFile(buffer);
        bytes += buffer.length;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
  return bytes;
}

/** Joins small parts, so that a big file is written in few calls and never as one text. */
function* chunks(parts: Iterable<string>): Generator<string> {
  let text = '';
  for (const part of parts) {
    text += part;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Bytes of a file; 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/**
 * The lines of a file between two offsets, many at a time, without their line feed; a rest without one is not given.
 * Only LF ends a line: JSON text may hold U+2028, at which Node's readline would cut.
 */
export async function* linesOf(path: string, start: number, end: number): AsyncGenerator<string[]> {
  if (end <= start) return;
  const stream: ReadStream = createReadStream(path, { start, end: end - 1, highWaterMark: 256 * 1024 });
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const last = chunk.lastIndexOf(0x0a);
    if (last < 0) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const lines = Buffer.concat([rest, chunk.subarray(0, last)]).toString('utf8').split('\n');
    rest = Buffer.from(chunk.subarray(last + 1));
    yield lines;
  }
}

/** Whether an error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
