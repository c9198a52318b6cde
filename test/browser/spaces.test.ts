import type { Browser } from 'playwright-core';
import { startWorld, type World } from '../support/world.js';
import { Chat, describeInBrowser, isTooWide, seriousFaults, startBrowser } from './browser.js';

const SCHEMES = ['light', 'dark'] as const;
const inBrowser = describeInBrowser();

inBrowser('spaces that follow groups, on the chat page', () => {
  let world: World;
  let browser: Browser;
  let anna: Chat;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await startWorld();
    closing.push(() => world.stop());
    browser = await startBrowser();
    closing.push(() => browser.close());
    await world.link(world.person('anna.berg'), 'spaces,reports');
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    anna = await Chat.open(await context.newPage(), world.url, 'anna.berg@acme.test');
  }, 60_000);

  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('takes the rules from a CSV, after the caller has seen what they mean', async () => {
    await anna.attach('rules.csv', 'group,room\nProject Phoenix,Project Phoenix\nExecutive Assistants,Project Phoenix\n');
    await anna.say('spaces import');
    const asked = await anna.hears('Save these rules');
    expect(await asked.innerText()).toContain('Project Phoenix');
    const saved = await anna.pressFor(asked, 'Save these rules', 'Nothing changed in Webex yet');
    expect(await saved.innerText()).toContain('1 rule saved');
  }, 60_000);

  it('shows who would join and leave, and changes the space after Approve', async () => {
    await anna.say('spaces sync');
    const plan = await anna.hears('Nothing has been changed yet.');
    const text = await plan.innerText();
    expect(text).toContain('joins Project Phoenix');
    expect(text).toContain('no person');
    const result = await anna.pressFor(plan, 'Approve', 'Asked for and approved by Anna Berg');
    expect(await result.innerText()).toMatch(/^Done/m);
  }, 60_000);

  it('runs at set times, and posts its report to the space', async () => {
    await anna.say('spaces schedule every=12h report="IT Admins"');
    const echo = await anna.hears('every 12 hours');
    expect(await echo.innerText()).toContain('Next runs');
    await anna.press(echo, 'Run now');
    await anna.enter('IT Admins');
    const report = await anna.hears('Spaces');
    expect(await report.innerText()).toMatch(/nothing to change|Nothing changed/i);
  }, 60_000);

  it('shows the use of licenses as a chart in the message', async () => {
    await anna.enter('Steward');
    await anna.say('reports now licenses');
    const picture = anna.page.getByTestId('picture').last();
    await picture.waitFor();
    const width = await picture.evaluate(async (image: unknown) => {
      const shown = image as { decode(): Promise<void>; naturalWidth: number };
      await shown.decode();
      return shown.naturalWidth;
    });
    expect(width).toBe(800);
    for (const colorScheme of SCHEMES) {
      await anna.page.emulateMedia({ colorScheme });
      expect(await seriousFaults(anna.page)).toEqual([]);
    }
    await anna.page.setViewportSize({ width: 400, height: 800 });
    expect(await isTooWide(anna.page)).toBe(false);
    expect(anna.complaints).toEqual([]);
  }, 60_000);
});
