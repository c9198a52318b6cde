import { statSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { startWorld } from '../support/world.js';
import { Chat, startBrowser } from './browser.js';

/** `node --import tsx test/browser/screenshot.ts`: makes the pictures of the README anew. */
const LARGEST = 300 * 1024;

/** A plan that waits, and what Webex shows. */
async function plan(browser: Browser): Promise<void> {
  const world = await startWorld();
  try {
    const anna = world.person('anna.berg');
    await world.link(anna);
    const chat = await open(browser, world.url, anna.email);
    await chat.say('delegates set bob.nguyen@acme.test for=cara.olsen@acme.test,victor.stone@acme.test');
    const card = await chat.hears('Nothing has been changed yet.');
    await chat.delegatesOf('Cara Olsen').waitFor();
    await card.scrollIntoViewIfNeeded();
    await take(chat, 'screenshot.png');
  } finally {
    await world.stop();
  }
}

/** The report of a run at set times, in its space, and a chart. */
async function report(browser: Browser): Promise<void> {
  const world = await startWorld();
  try {
    const anna = world.person('anna.berg');
    await world.link(anna, 'spaces,reports');
    const chat = await open(browser, world.url, anna.email);
    await chat.attach('rules.csv', 'group,room\nProject Phoenix,Project Phoenix\nExecutive Assistants,Project Phoenix\n');
    await chat.say('spaces import');
    await chat.pressFor(await chat.hears('Save these rules'), 'Save these rules', '1 rule saved');
    await chat.say('reports schedule licenses weekly on=Mon at=08:00 space="IT Admins"');
    await chat.press(await chat.hears('weekly on Mon'), 'Send me one now');
    await chat.enter('IT Admins');
    const picture = chat.page.getByTestId('picture').last();
    await picture.waitFor();
    await picture.evaluate((image: unknown) => (image as { decode(): Promise<void> }).decode());
    await chat.enter('Steward');
    await chat.say('spaces schedule every=12h report="IT Admins"');
    await chat.press(await chat.hears('every 12 hours'), 'Run now');
    const waiting = await chat.hears('Nothing has been changed yet.');
    await chat.pressFor(waiting, 'Approve', 'Asked for and approved by Anna Berg');
    await chat.enter('IT Admins');
    await chat.page.setViewportSize({ width: 1280, height: 900 });
    await (await chat.hears('4 added')).scrollIntoViewIfNeeded();
    await take(chat, 'screenshot-report.png');
  } finally {
    await world.stop();
  }
}

/** A plan of licenses from a file: what is done in one call each, and who is left out, by a rule or for want of seats. */
async function licenses(browser: Browser): Promise<void> {
  const world = await startWorld();
  try {
    const anna = world.person('anna.berg');
    await world.link(anna, 'licenses');
    const chat = await open(browser, world.url, anna.email);
    const rows = [
      'email,license,operation,site', 'ines.goncalves@acme.test,Meeting - Webex Meeting Center,add,acme.webex.com',
      'bob.nguyen@acme.test,Meeting - Webex Webinars 1000,add,', 'victor.stone@acme.test,Meeting - Webex Webinars 1000,add,',
      'xavier.darcy@acme.test,Meeting - Webex Webinars 1000,add,', 'kwame.mensah@acme.test,Advanced Space Meetings,remove,',
      'kwame.mensah@acme.test,Webex Events,add,', 'gus.meyer@acme.test,Webex Calling - Attendant Console,add,',
    ];
    await chat.attach('starters.csv', rows.join('\n'));
    await chat.say('licenses import');
    await chat.hears('left-out.csv');
    for (const name of ['delegates', 'licenses']) await chat.page.locator(`[data-section="${name}"] summary`).click();
    await chat.page.setViewportSize({ width: 1280, height: 960 });
    await (await chat.hears('Nothing has been changed yet.')).scrollIntoViewIfNeeded();
    await take(chat, 'screenshot-licenses.png');
  } finally {
    await world.stop();
  }
}

async function open(browser: Browser, url: string, email: string): Promise<Chat> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', reducedMotion: 'reduce' });
  return Chat.open(await context.newPage(), url, email);
}

async function take(chat: Chat, name: string): Promise<void> {
  const path = new URL(`../../src/emulator/page/${name}`, import.meta.url).pathname;
  await chat.page.mouse.move(0, 0);
  await chat.page.screenshot({ path });
  const { size } = statSync(path);
  if (size > LARGEST) throw new Error(`The picture ${name} has ${size} bytes, more than ${LARGEST}.`);
  process.stdout.write(`${path}: ${size} bytes\n`);
}

const browser = await startBrowser();
try {
  await plan(browser);
  await report(browser);
  await licenses(browser);
} finally {
  await browser.close();
}
