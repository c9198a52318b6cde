import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowed, filesBelow, ROOT } from './house.js';

/** Every import within `src`, types too, as dependency-cruiser sees it. */
async function importsOf(baseDir: string): Promise<{ modules: string[]; imports: { from: string; to: string; circular: boolean }[] }> {
  const { output } = await cruise(['src'], {
    baseDir,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(ROOT, 'tsconfig.json') },
    exclude: { path: 'node_modules' },
    ruleSet: { forbidden: [{ name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } }] },
    validate: true,
  });
  const { modules } = output as ICruiseResult;
  return {
    modules: modules.map((module) => module.source),
    imports: modules.flatMap((module) => module.dependencies.map((one) => ({ from: module.source, to: one.resolved, circular: one.circular }))),
  };
}

const inSrc = (path: string): string => path.replace(/^src\//, '');

describe('the import table', () => {
  it('holds for every file under src, without circles', async () => {
    const { modules, imports } = await importsOf(ROOT);
    const code = filesBelow('src', '.ts').filter((path) => !path.endsWith('.d.ts'));
    expect(code.filter((path) => !modules.includes(path))).toEqual([]);
    const within = imports.filter(({ from, to }) => from.startsWith('src/') && to.startsWith('src/'));
    expect(within.length).toBeGreaterThan(code.length);
    const forbidden = within.filter(({ from, to }) => !allowed(inSrc(from), inSrc(to)));
    expect(forbidden.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
    expect(within.filter(({ circular }) => circular).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('finds a forbidden import that is planted', async () => {
    const top = mkdtempSync(join(tmpdir(), 'planted-'));
    try {
      mkdirSync(join(top, 'src/capabilities/planted'), { recursive: true });
      mkdirSync(join(top, 'src/emulator'));
      writeFileSync(join(top, 'src/emulator/server.ts'), 'export const createEmulator = 1;\n');
      writeFileSync(join(top, 'src/capabilities/planted/index.ts'), "import type { createEmulator } from '../../emulator/server.js';\nexport type Made = typeof createEmulator;\n");
      const { imports } = await importsOf(top);
      const forbidden = imports.filter(({ from, to }) => !allowed(inSrc(from), inSrc(to)));
      expect(forbidden.map(({ from, to }) => `${from} → ${to}`)).toEqual(['src/capabilities/planted/index.ts → src/emulator/server.ts']);
    } finally {
      rmSync(top, { recursive: true });
    }
  });
});
