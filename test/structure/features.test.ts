import { ROLES } from '../../src/accounts/define.js';
import { FEATURES } from '../../src/accounts/scopes.js';
import { nameOf } from '../../src/bot/commands.js';
import { allCommands } from '../support/commands.js';

const scopesOf = (feature: (typeof FEATURES)[number]): string[] => feature.scopes.map(({ scope }) => scope);

describe('what an account is linked for', () => {
  it('gives to look at exactly the commands that it names', async () => {
    const looking = FEATURES.filter(({ commands }) => commands !== undefined);
    expect(looking.map(({ name }) => name)).toEqual(['spaces-look', 'licenses-look']);
    const commands = await allCommands();
    for (const feature of looking) {
      const usable = commands.filter(({ noun, hidden, access }) => noun === feature.area && hidden !== true && access.roles.includes(ROLES.readOnly)
        && access.scopes.every((scope) => scopesOf(feature).includes(scope)));
      expect({ feature: feature.name, commands: feature.commands }).toEqual({ feature: feature.name, commands: usable.map(nameOf) });
    }
  });

  it('is enough for each command, for somebody who has one of its roles', async () => {
    const uncovered = (await allCommands()).filter(({ access: { linked, roles, scopes, ...more } }) => linked && !('addressed' in more)
      && !FEATURES.some((feature) => scopes.every((scope) => scopesOf(feature).includes(scope)) && (roles.length === 0 || feature.roles.some((role) => roles.includes(role)))));
    expect(uncovered.map(nameOf)).toEqual([]);
  });

  it('lets a read-only administrator grant nothing that changes something', () => {
    const open = FEATURES.filter(({ roles }) => roles.includes(ROLES.readOnly));
    expect(open.map(({ name }) => name)).toEqual(['spaces-look', 'licenses-look', 'reports', 'look']);
    expect(open.flatMap(scopesOf).filter((scope) => !scope.endsWith('_read'))).toEqual([]);
    for (const { looking, ...whole } of FEATURES.filter((feature) => feature.looking !== undefined)) {
      const left = FEATURES.find(({ name }) => name === looking);
      expect(scopesOf(whole)).toEqual(expect.arrayContaining(left === undefined ? ['?'] : scopesOf(left)));
    }
  });

  it('begins with a command that there is', async () => {
    const names = (await allCommands()).map(nameOf);
    const opened = FEATURES.flatMap(({ opens }) => opens?.command ?? []);
    expect(opened).not.toEqual([]);
    expect(opened.filter((name) => !names.includes(name))).toEqual([]);
  });
});
