import { filesBelow, textOf } from './house.js';

describe('the production image', () => {
  it('has no emulator, no demo, no tests and no configuration in it', () => {
    const rules = textOf('.dockerignore').trim().split('\n');
    expect(rules[0]).toBe('*');
    expect(rules.filter((rule) => rule.startsWith('!'))).toEqual(['!package.json', '!package-lock.json', '!.npmrc', '!build.js', '!cards', '!src']);
    expect(rules.slice(-2)).toEqual(['src/emulator', 'src/demo.ts']);
    expect(filesBelow('src/emulator', '.ts').length).toBeGreaterThan(0);
  });

  it('needs nothing at run time that npm leaves out', () => {
    const { dependencies, devDependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string>; devDependencies: Record<string, string> };
    const imported = new Set(filesBelow('src', '.ts').filter((path) => !path.startsWith('src/emulator/') && path !== 'src/demo.ts').flatMap((path) =>
      [...textOf(path).matchAll(/^(?:import|export) (?!type )[^;]*?from '((?:@[\w-]+\/)?[\w-]+)[^']*';/gm)].map((match) => match[1]!)));
    expect(imported.has('zod')).toBe(true);
    const known = new Set(Object.keys(dependencies));
    expect([...imported].filter((name) => name !== 'node' && !known.has(name))).toEqual([]);
    expect(Object.keys(devDependencies).filter((name) => known.has(name))).toEqual([]);
  });

  it('runs as an ordinary user, with the command of npm start, but for building, which is done already', () => {
    const lines = textOf('Dockerfile').split('\n');
    expect(lines.indexOf('USER node')).toBeGreaterThan(lines.lastIndexOf('FROM node:20-slim'));
    expect(lines).toContain('COPY --from=made /app/dist dist');
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const words = scripts['start']!.replace('exec ', '').replace(' --import ./build.js', '').split(' ');
    expect(lines).toContain(`CMD ${JSON.stringify(words).replaceAll('","', '", "')}`);
  });
});
