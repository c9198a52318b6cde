import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

/*
 * Makes `dist` of `src`, where it is not of the present sources already: `node --import ./build.js dist/main.js` runs what stands in `src`.
 * Types are left out, not checked. Each file says at its end what it was made of and is put in place whole, so that starts at the same
 * time do not disturb each other and one that is cut off leaves nothing half.
 */
const SRC = join(import.meta.dirname, 'src');
const DIST = join(import.meta.dirname, 'dist');
const OWN = readFileSync(import.meta.filename);

/** All files below a folder, as paths from it. */
function filesBelow(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** A file's bytes; none where there is no such file. */
function bytesOf(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === 'ENOENT') return Buffer.of();
    throw error;
  }
}

function put(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

/** What stands at the end of a file that was made of this source. */
function markOf(path) {
  return `// Made of ${createHash('sha256').update(OWN).update(readFileSync(join(SRC, path))).digest('hex')}\n`;
}

const built = (path) => path.replace(/\.ts$/, '.js');

async function transpile(paths) {
  // Only now: a start that has nothing to build does without it.
  const { build, stop } = await import('esbuild');
  const marks = new Map(paths.map((path) => [join(DIST, built(path)), markOf(path)]));
  const { outputFiles } = await build({
    entryPoints: paths.map((path) => join(SRC, path)), outbase: SRC, outdir: DIST, write: false,
    format: 'esm', target: 'node20', sourcemap: true, sourcesContent: false, tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  // Its process would stay as long as the program.
  await stop();
  const [maps, code] = [outputFiles.filter(({ path }) => !marks.has(path)), outputFiles.filter(({ path }) => marks.has(path))];
  for (const { path, contents } of maps) put(path, contents);
  for (const { path, text } of code) put(path, text + marks.get(path));
}

const sources = filesBelow(SRC).filter((path) => !/(\.md|\.d\.ts)$/.test(path));
const modules = sources.filter((path) => path.endsWith('.ts'));
const others = sources.filter((path) => !path.endsWith('.ts'));
mkdirSync(DIST, { recursive: true });

const wanted = new Set([...modules.flatMap((path) => [built(path), `${built(path)}.map`]), ...others]);
for (const path of filesBelow(DIST)) if (!wanted.has(path.replace(/\.\d+$/, ''))) rmSync(join(DIST, path), { force: true });
for (const path of others) {
  const content = readFileSync(join(SRC, path));
  if (!bytesOf(join(DIST, path)).equals(content)) put(join(DIST, path), content);
}
const old = modules.filter((path) => !bytesOf(join(DIST, built(path))).toString().endsWith(markOf(path)));
if (old.length > 0) await transpile(old);
