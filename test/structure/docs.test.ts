import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONFIG_KEYS } from '../../src/config.js';
import { commandsAsTable } from '../../src/bot/help.js';
import { allCommands } from '../support/commands.js';
import { filesBelow, ROOT, textOf } from './house.js';

const pages = ['README.md', ...filesBelow('src', '.md')];
const scripts = Object.keys((JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts);

/** What stands in a page between two marks. */
function between(text: string, mark: string): string {
  return new RegExp(`<!-- ${mark} -->\\n([\\s\\S]*?)\\n?<!-- /${mark} -->`).exec(text)?.[1]?.trim() ?? '';
}

describe('the documentation', () => {
  it('has the command table that the code has (STEWARD_WRITE_README=1 writes it)', async () => {
    const table = commandsAsTable(await allCommands());
    if (process.env.STEWARD_WRITE_README === '1') {
      writeFileSync(join(ROOT, 'README.md'), textOf('README.md').replace(/(<!-- commands -->\n)[\s\S]*?(<!-- \/commands -->)/, (_, start: string, end: string) => `${start}${table}\n${end}`));
    }
    expect(between(textOf('README.md'), 'commands')).toBe(table);
  });

  it('names only npm scripts that exist', () => {
    for (const page of pages) {
      const named = [...textOf(page).matchAll(/npm (?:run (\w+)|(test|start)\b)/g)].map((match) => match[1] ?? match[2] ?? '');
      expect({ page, unknown: named.filter((name) => !scripts.includes(name)) }).toEqual({ page, unknown: [] });
    }
  });

  it('names only files and folders that exist', () => {
    for (const page of pages) {
      const named = [...textOf(page).matchAll(/`((?:src|test|cards)\/[\w./<>-]+)`|\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? match[2] ?? '');
      const missing = named.filter((path) => !path.includes('<') && !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, dirname(page), path)));
      expect({ page, missing }).toEqual({ page, missing: [] });
    }
  });

  it('names only environment keys that Steward reads, and .env.example has all of them', () => {
    const example = textOf('.env.example');
    expect(CONFIG_KEYS.filter((key) => !new RegExp(`^#?\\s*${key}=`, 'm').test(example))).toEqual([]);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/`([A-Z][A-Z0-9]+_[A-Z0-9_]+)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((key) => !CONFIG_KEYS.includes(key))).toEqual([]);
  });

  it('describes every capability in a README of its own', () => {
    const capabilities = new Set(filesBelow('src/capabilities', '/index.ts', 'index.ts').filter((path) => path.split('/').length === 4).map(dirname));
    expect(capabilities.size).toBeGreaterThan(2);
    expect([...capabilities].filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
  });

  it('has a file for every command, named after it', async () => {
    const files = filesBelow('src/capabilities', '.ts').filter((path) => path.includes('/commands/')).map((path) => path.split('/').at(-1)?.replace(/\.ts$/, ''));
    const names = (await allCommands()).map(({ noun, verb }) => [noun, ...verb.split(' ')].filter((word) => word !== '').join('-'));
    const shell = ['help', 'menu'];
    // `account` alone is `account status`.
    expect(names.filter((name) => !shell.includes(name) && !name.startsWith('form') && name !== 'account' && !files.includes(name))).toEqual([]);
  });
});
