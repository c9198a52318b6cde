import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

/** With `STEWARD_BROWSER=required` a missing browser is a failure; else its tests are skipped, loudly. */
const IS_REQUIRED = process.env.STEWARD_BROWSER === 'required';
const NAMES = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Chromium on this machine: `CHROMIUM_PATH`, or the first of the usual names in `PATH`. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') return named;
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium here. Install it, or name it in CHROMIUM_PATH.');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** `describe`, or `describe.skip` where there is no browser and none is required. */
export function describeInBrowser(): jest.Describe {
  if (findChromium() !== undefined || IS_REQUIRED) return describe;
  console.warn('SKIPPED: the browser tests. There is no Chromium here (looked in CHROMIUM_PATH and PATH). STEWARD_BROWSER=required makes this a failure.');
  return describe.skip;
}

/** The page's own, as far as functions that run in it need it. */
declare const document: { querySelectorAll(selector: string): Iterable<{ dataset: Record<string, string | undefined> }> };

/** What somebody does on the chat page, and sees. */
export class Chat {
  /** What the page complained of. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => { this.complaints.push(error.message); });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** Opens the page signed in as somebody. */
  static async open(page: Page, url: string, email: string): Promise<Chat> {
    const chat = new Chat(page);
    await page.goto(`${url}/?as=${encodeURIComponent(email)}`);
    await chat.ready();
    return chat;
  }

  /** Loads the page again, with the conversation as it is now. */
  async reopen(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.page.locator('#messages:not([aria-busy])').waitFor();
  }

  async say(text: string): Promise<void> {
    await this.page.getByTestId('text').fill(text);
    await this.page.getByTestId('send').click();
  }

  /** Chooses a file for the next message. */
  async attach(name: string, content: string): Promise<void> {
    await this.page.locator('#file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
    await this.page.locator('#chosen-file', { hasText: name }).waitFor();
  }

  /** Opens a space. */
  async enter(title: string): Promise<void> {
    await this.page.getByTestId('space').filter({ hasText: title }).click();
    await this.page.getByTestId('space-title').filter({ hasText: title }).waitFor();
    await this.ready();
  }

  /** The newest message of the bot that says this; waits for it. */
  async hears(text: string | RegExp): Promise<Locator> {
    const message = this.page.locator('article.from-bot', { hasText: text }).last();
    await message.waitFor();
    return message;
  }

  async press(card: Locator, title: string): Promise<void> {
    await card.getByRole('button', { name: title, exact: true }).click();
  }

  /** Presses a button whose card stays, and gives what the bot answers: the first of its messages after the last one until now that says `answer`. */
  async pressFor(card: Locator, title: string, answer: string | RegExp): Promise<Locator> {
    const last = await this.page.locator('article.from-bot').last().getAttribute('data-created') ?? '';
    await this.press(card, title);
    await this.page.waitForFunction((created) => [...document.querySelectorAll('article.from-bot')].some((one) => (one.dataset.created ?? '') > created), last);
    return this.hears(answer);
  }

  /** The row of the side panel about a host on a site. */
  delegatesOf(host: string, site = 'acme.webex.com'): Locator {
    return this.page.locator(`[data-testid="now-delegates"][data-title="${host}"][data-detail="${site}"]`);
  }
}

/** Whether the page can be scrolled sideways. */
export async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');
}

/** What axe finds that is serious or critical, one line each. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // Fades and slides end first: half-transparent text has no contrast.
  await page.evaluate('Promise.allSettled(document.getAnimations().map((animation) => animation.finished)).then(() => undefined)');
  const results = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })');
  return results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${impact ?? ''} ${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary ?? ''})`).join('; ')}`);
}
