import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { startWorld, type World } from '../support/world.js';
import { Chat, describeInBrowser, isTooWide, seriousFaults, startBrowser } from './browser.js';

const ANNA = 'anna.berg@acme.test';
const BEN = 'ben.okoye@acme.test';
const WIDTHS = [1280, 400];
const SCHEMES = ['light', 'dark'] as const;

const inBrowser = describeInBrowser();

inBrowser('the chat page in a real browser', () => {
  let world: World;
  let browser: Browser;
  let context: BrowserContext;
  let anna: Chat;
  /** The second administrator, in a browser of his own. */
  let bens: Chat;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    // One step may be approved alone, so that both ways are seen.
    world = await startWorld({ env: { APPROVAL_STEPS: '1' } });
    closing.push(() => world.stop());
    browser = await startBrowser();
    closing.push(() => browser.close());
    context = await newContext();
    anna = await Chat.open(await context.newPage(), world.url, ANNA);
    bens = await Chat.open(await (await newContext()).newPage(), world.url, BEN);
  }, 60_000);

  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('greets, links an account through the pages of Steward and Webex, and says what works', async () => {
    await anna.say('hello');
    const home = await anna.hears('Hello Anna Berg');
    expect(await home.innerText()).toContain('Not linked yet');
    const ask = await anna.pressFor(home, 'Link my account', 'What shall it be able to do?');
    const offer = await anna.pressFor(ask, 'Next', 'What Steward asks Webex for');

    const [tab] = await Promise.all([context.waitForEvent('page'), offer.getByRole('link', { name: 'Link my account' }).click()]);
    await tab.getByRole('heading', { name: 'Link the Webex account of Anna Berg' }).waitFor();
    await expectAccessible(tab, 'the start page');
    await tab.locator('a.next').click();

    await tab.getByRole('heading', { name: /asks for access to Webex/ }).waitFor();
    expect(await tab.getByLabel('Sign in as').inputValue()).toBe(ANNA);
    await expectAccessible(tab, 'the sign-in page');
    await tab.getByRole('button', { name: 'Allow' }).click();
    await tab.getByRole('heading', { name: 'Anna Berg is linked' }).waitFor();
    await expectAccessible(tab, 'the last page');
    await tab.close();

    const linked = await anna.hears(`Your Webex account ${ANNA} is linked`);
    expect(await linked.innerText()).toContain('see and change who may schedule meetings for whom');
  }, 60_000);

  it('finds people into the baskets of a form, shows the plan, changes Webex after Approve, and takes it back by Undo', async () => {
    await anna.say('delegates');
    const form = await anna.pressFor(await anna.hears('A delegate may schedule'), 'Add delegates', 'Search for delegates');
    expect(await form.innerText()).toContain('Delegates: nobody yet');
    await form.getByLabel('Search for delegates').fill('nguy');
    await form.getByLabel('Search for hosts').fill('kim');
    const found = await anna.pressFor(form, 'Search', '2 people found: choose');
    expect(await found.innerText()).toContain('Delegates: Bob Nguyễn');
    await found.getByRole('checkbox', { name: /daniel\.kim2@acme\.test/ }).check();

    const plan = await anna.pressFor(found, 'Next', 'Nothing has been changed yet.');
    const text = await plan.innerText();
    expect(text).toContain('Bob Nguyễn may schedule for Daniel Kim on acme.webex.com');
    expect(text).toContain('give permission to schedule');
    expect(await world.delegatesOf('daniel.kim2')).toEqual([]);

    const result = await anna.pressFor(plan, 'Approve', 'Asked for and approved by Anna Berg');
    expect(await result.innerText()).toMatch(/^Done/m);
    await anna.hears(/1 of 1 done/);
    await anna.delegatesOf('Daniel Kim').locator('.added', { hasText: 'Bob Nguyễn' }).waitFor();
    expect(await world.delegatesOf('daniel.kim2')).toEqual(['bob.nguyen@acme.test']);

    const undo = await anna.pressFor(result, 'Undo', 'Nothing has been changed yet.');
    expect(await undo.innerText()).toContain('Bob Nguyễn may no longer schedule for Daniel Kim on acme.webex.com');
    await anna.pressFor(undo, 'Approve', /Undo: Let Bob Nguyễn[\s\S]*Asked for and approved by Anna Berg/);
    await anna.delegatesOf('Daniel Kim').locator('.removed', { hasText: 'Bob Nguyễn' }).waitFor();
    expect(await world.delegatesOf('daniel.kim2')).toEqual([]);
  }, 60_000);

  it('lets a second administrator approve, in his own 1:1, what is too large for one', async () => {
    await world.link(world.person(BEN));
    await anna.say('delegates add priya.natarajan@acme.test for=cara.olsen@acme.test,victor.stone@acme.test');
    const waiting = await anna.hears('More than 1 in 24 hours need the approval of another person.');
    expect(await titles(waiting)).toEqual(['Remind', 'Withdraw']);

    const asked = await bens.hears('Priya Natarajan may schedule for Cara Olsen');
    expect(await asked.innerText()).toContain('Anna Berg');
    expect(await titles(asked)).toEqual(['Approve', 'Reject']);
    await bens.press(asked, 'Approve');

    const result = await anna.hears('Asked for by Anna Berg, approved by Ben Okoye');
    expect(await result.innerText()).toMatch(/^Done/m);
    for (const host of ['Cara Olsen', 'Victor Stone']) await bens.delegatesOf(host).locator('.added', { hasText: 'Priya Natarajan' }).waitFor();
    expect(await world.delegatesOf('victor.stone')).toContain('priya.natarajan@acme.test');
  }, 60_000);

  it('shows a second administrator the plan that he is asked for', async () => {
    await anna.say('delegates set amy.adams@acme.test for=kwame.mensah@acme.test');
    expect(await titles(await bens.hears('Noor de Vries may no longer schedule for Kwame Mensah'))).toEqual(['Approve', 'Reject']);
  }, 60_000);

  describe.each(WIDTHS)('%i px wide, with a plan to approve', (width) => {
    it.each(SCHEMES)('has no serious fault in %s colors, and fits', async (colorScheme) => {
      const { page } = bens;
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      // The page draws its cards anew in other colors; opened like this from the start, none is replaced under the test's hands.
      await bens.reopen();
      const plan = await bens.hears('Noor de Vries may no longer schedule for Kwame Mensah');
      const reject = plan.getByRole('button', { name: 'Reject', exact: true });
      await reject.scrollIntoViewIfNeeded();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
      const { x, width: wide } = await reject.boundingBox() ?? { x: -1, width: 0 };
      expect(x >= 0 && x + wide <= width).toBe(true);
      if (width > 1000) return;
      for (const part of ['now', 'spaces']) {
        await page.getByTestId(`toggle-${part}`).click();
        await page.getByTestId(part).waitFor();
        if (part === 'now') await bens.delegatesOf('Cara Olsen').waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByTestId(part).waitFor({ state: 'hidden' });
      }
    }, 60_000);
  });

  // In a block of its own, since single tests run before the blocks above.
  describe('after all of this', () => {
    it('the page has not complained of anything', () => {
      expect([anna.complaints, bens.complaints]).toEqual([[], []]);
    });
  });

  async function newContext(): Promise<BrowserContext> {
    const made = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' });
    made.setDefaultTimeout(15_000);
    return made;
  }

  /** Nothing serious in both color schemes and widths. */
  async function expectAccessible(page: Page, what: string): Promise<void> {
    for (const colorScheme of SCHEMES) {
      for (const width of WIDTHS) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        expect([what, colorScheme, width, await seriousFaults(page)]).toEqual([what, colorScheme, width, []]);
        expect([what, width, await isTooWide(page)]).toEqual([what, width, false]);
      }
    }
  }
});

async function titles(card: Locator): Promise<string[]> {
  return card.locator('.ac-actionSet').getByRole('button').allInnerTexts();
}
