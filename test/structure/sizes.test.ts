import { filesBelow, linesOf, textOf } from './house.js';

const code = filesBelow('src', '.ts').filter((path) => !path.endsWith('.d.ts'));

describe('the house', () => {
  it('keeps files short: median at most 80 lines, none over 400', () => {
    const sizes = code.map(linesOf).sort((a, b) => a - b);
    expect(code.filter((path) => linesOf(path) > 400)).toEqual([]);
    expect(sizes[Math.floor((sizes.length - 1) / 2)]).toBeLessThanOrEqual(80);
  });

  it('keeps test files under 600 lines', () => {
    expect(filesBelow('test', '.ts').filter((path) => linesOf(path) > 600)).toEqual([]);
  });

  it('reads the environment only where the program starts', () => {
    const readers = code.filter((path) => /process\.env\b/.test(textOf(path)));
    expect(readers.filter((path) => !['src/main.ts', 'src/demo.ts', 'src/setup.ts'].includes(path))).toEqual([]);
  });

  it('calls axios in one file only, and reads the time in one file only', () => {
    expect(code.filter((path) => /from 'axios'/.test(textOf(path)))).toEqual(['src/webex/client.ts']);
    expect(code.filter((path) => /\bDate\.now\(|new Date\(\)/.test(textOf(path)))).toEqual(['src/lib/clock.ts']);
  });

  it('has no skipped, focused or unfinished tests', () => {
    const marked = filesBelow('test', '.test.ts').filter((path) => /\b(?:it|test|describe)\.(?:only|todo|skip)\(/.test(textOf(path)));
    expect(marked).toEqual([]);
  });

  it('has every template that code names, and no other', () => {
    const templates = filesBelow('cards', '.json').map((path) => path.slice('cards/'.length, -'.json'.length));
    const source = code.map(textOf).join('\n');
    expect(templates.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });
});
