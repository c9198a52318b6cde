import type { Browser, Locator } from 'playwright-core';
import { licensesOf, type Licenses } from '../support/licenses.js';
import { startWorld, type World } from '../support/world.js';
import { Chat, describeInBrowser, isTooWide, seriousFaults, startBrowser } from './browser.js';

const WIDTHS = [1280, 400];
const SCHEMES = ['light', 'dark'] as const;
const STANDARD = 'Webex Calling - Standard';
const inBrowser = describeInBrowser();

inBrowser('licenses by card, on the chat page', () => {
  let world: World;
  let licenses: Licenses;
  let browser: Browser;
  let anna: Chat;
  let before: unknown;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await startWorld();
    closing.push(() => world.stop());
    licenses = licensesOf(world);
    browser = await startBrowser();
    closing.push(() => browser.close());
    await world.link(world.person('anna.berg'), 'licenses');
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    anna = await Chat.open(await context.newPage(), world.url, 'anna.berg@acme.test');
    before = await licenses.holding('daniel.kim2');
  }, 60_000);

  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('shows the use of licenses, and asks who shall have the chosen one: namesakes are told apart by address', async () => {
    await anna.say('licenses');
    const usage = await anna.hears('Choose a license');
    await usage.getByLabel('License').selectOption({ label: await choice(usage.getByLabel('License'), STANDARD) });
    const form = await anna.pressFor(usage, 'Assign…', 'Search for people');
    expect(await form.innerText()).toContain('People: nobody yet');
    await form.getByLabel('Search for people').fill('kim');
    const found = await anna.pressFor(form, 'Search', '2 people found: choose');
    await found.getByRole('checkbox', { name: /daniel\.kim2@acme\.test/ }).check();
    const asked = await anna.pressFor(found, 'Next', 'Number or extension');
    expect(await asked.innerText()).toContain(`${STANDARD} needs an extension or a phone number for Daniel Kim`);
  }, 60_000);

  it('has no serious fault where it asks for the number, and fits, on small screens and in dark colors too', () => expectFine(anna, 'Number or extension'), 60_000);

  it('takes extension and location, and says what would change', async () => {
    const asked = await anna.hears('Number or extension');
    await asked.getByLabel('Extension').fill('4720');
    await asked.getByLabel('Location').selectOption({ label: 'Berlin' });
    const plan = await anna.pressFor(asked, 'Next', 'Nothing has been changed yet.');
    expect(await plan.innerText()).toContain(`Daniel Kim gets ${STANDARD} with extension 4720 in Berlin`);
    expect(await licenses.holding('daniel.kim2')).toEqual(before);
    await expectFine(anna, 'Nothing has been changed yet.');
  }, 60_000);

  it('gives the license after Approve, to the one who was chosen', async () => {
    const plan = await anna.hears('Nothing has been changed yet.');
    const result = await anna.pressFor(plan, 'Approve', 'Asked for and approved by Anna Berg');
    expect(await result.innerText()).toMatch(/^Done/m);
    expect(await licenses.has('daniel.kim2', STANDARD)).toBe(true);
    expect((await licenses.person('daniel.kim2')).calling).toMatchObject({ extension: '4720' });
    expect(await licenses.has('daniel.kim', STANDARD)).toBe(false);
    await expectFine(anna, 'Asked for and approved by Anna Berg');
  }, 60_000);

  it('takes it back after Undo and Approve: all is as it was', async () => {
    const result = await anna.hears('Asked for and approved by Anna Berg');
    const plan = await anna.pressFor(result, 'Undo', /Undo: Assign[\s\S]*Nothing has been changed yet\./);
    expect(await plan.innerText()).toContain(`Daniel Kim loses ${STANDARD} again`);
    await anna.pressFor(plan, 'Approve', /Undo: Assign[\s\S]*Asked for and approved by Anna Berg/);
    expect(await licenses.holding('daniel.kim2')).toEqual(before);
  }, 60_000);

  it('shows the use of licenses in every width and color, and the page has not complained of anything', async () => {
    await expectFine(anna, 'Choose a license');
    expect(anna.complaints).toEqual([]);
  }, 60_000);
});

/** The whole label of the only choice that begins so. */
async function choice(select: Locator, name: string): Promise<string> {
  const labels = (await select.locator('option').allInnerTexts()).filter((label) => label.startsWith(name));
  expect(labels).toHaveLength(1);
  return labels[0] ?? '';
}

/** The conversation with this message in sight, in every width and color. */
async function expectFine(chat: Chat, text: string): Promise<void> {
  const { page } = chat;
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      // The page draws its cards anew in other colors; opened like this from the start, none is replaced under the test's hands.
      await chat.reopen();
      await (await chat.hears(text)).scrollIntoViewIfNeeded();
      expect([text, width, colorScheme, await seriousFaults(page)]).toEqual([text, width, colorScheme, []]);
      expect([text, width, await isTooWide(page)]).toEqual([text, width, false]);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await chat.reopen();
}
