import { cardOf, textOf } from "../../support/person.js";
import { startShell, type ShellWorld } from './shell.js';

let world: ShellWorld;
beforeAll(async () => {
  world = await startShell();
  await world.link('anna.berg');
});
afterAll(async () => { await world.stop(); });

it('answers in the 1:1, as text and as a card', async () => {
  const answer = await world.person('anna.berg').ask('echo words “hello there” note=x', /You said/);
  expect(textOf(answer)).toContain('hello there');
  expect(cardOf(answer)).toBeDefined();
  expect(world.ran.at(-1)).toEqual({ command: 'echo words', values: { words: 'hello there', note: 'x' }, by: 'anna.berg@acme.test' });
});
