import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../structure/house.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-build-'));
  await mkdir(join(folder, 'src/words'), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await copyFile(join(ROOT, 'build.js'), join(folder, 'build.js'));
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  await source('main.ts', "import { word } from './words/word.js';\nconsole.log(word satisfies string);\n");
  await source('words/word.ts', "export const word: string = 'one';\n");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const source = (path: string, content: string): Promise<void> => writeFile(join(folder, 'src', path), content);

/** What the program of the folder says, built and started as the npm scripts do it. */
async function start(): Promise<string> {
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', './build.js', 'dist/main.js'], { cwd: folder });
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + errors;
}

describe('a start', () => {
  it('runs the present sources, and leaves nothing of those that are gone', async () => {
    expect(await start()).toBe('one\n');
    await source('words/word.ts', "export const word: string = 'two';\n");
    expect(await start()).toBe('two\n');
    await source('words/other.ts', "export const word: string = 'three';\n");
    await source('main.ts', "import { word } from './words/other.js';\nconsole.log(word);\n");
    await rm(join(folder, 'src/words/word.ts'));
    expect(await start()).toBe('three\n');
    expect((await readdir(join(folder, 'dist'), { recursive: true })).sort()).toEqual(['main.js', 'main.js.map', 'words', 'words/other.js', 'words/other.js.map']);
  });

  it('writes nothing when all is built already', async () => {
    await start();
    await rm(join(folder, 'node_modules'));
    expect(await start()).toBe('one\n');
  });

  it('brings along what is no code', async () => {
    await source('words/style.css', 'body {}\n');
    await start();
    await source('words/style.css', 'main {}\n');
    await start();
    expect(await readFile(join(folder, 'dist/words/style.css'), 'utf8')).toBe('main {}\n');
  });

  it('mends what a start that was cut off left behind', async () => {
    await start();
    await writeFile(join(folder, 'dist/words/word.js'), 'export const wo');
    await rm(join(folder, 'dist/main.js'));
    expect(await start()).toBe('one\n');
  });

  it('is not disturbed by others at the same time', async () => {
    expect(await Promise.all(Array.from({ length: 6 }, start))).toEqual(Array.from({ length: 6 }, () => 'one\n'));
  });

  it('says where in the sources something went wrong, and what cannot be built', async () => {
    await source('words/word.ts', "interface Gone {\n  a: 1;\n}\nexport const word: string = (undefined as unknown as Gone).a.toFixed();\n");
    expect(await start()).toContain(join(folder, 'src/words/word.ts:4'));
    await source('words/word.ts', 'export const word = ;\n');
    expect(await start()).toContain('src/words/word.ts:1:20: ERROR');
  });
});
