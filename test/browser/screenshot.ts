import { statSync } from 'node:fs';
import { startWorld } from '../support/world.js';
import { Chat, startBrowser } from './browser.js';

/** `node --import tsx test/browser/screenshot.ts`: makes the picture of the README anew: a plan that waits, and what Webex shows. */
const PICTURE = new URL('../../src/emulator/page/screenshot.png', import.meta.url).pathname;
const LARGEST = 250 * 1024;

const world = await startWorld();
const browser = await startBrowser();
try {
  const anna = world.person('anna.berg');
  await world.link(anna);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', reducedMotion: 'reduce' });
  const chat = await Chat.open(await context.newPage(), world.url, anna.email);
  await chat.say('delegates set bob.nguyen@acme.test for=cara.olsen@acme.test,victor.stone@acme.test');
  const plan = await chat.hears('Nothing has been changed yet.');
  await chat.delegatesOf('Cara Olsen').waitFor();
  await plan.scrollIntoViewIfNeeded();
  await chat.page.mouse.move(0, 0);
  await chat.page.screenshot({ path: PICTURE });
  const { size } = statSync(PICTURE);
  if (size > LARGEST) throw new Error(`The picture has ${size} bytes, more than ${LARGEST}.`);
  process.stdout.write(`${PICTURE}: ${size} bytes\n`);
} finally {
  await browser.close();
  await world.stop();
}
