import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import { drawBars, svgOf, type Bar } from '../../../src/cards/chart.js';

const bar = (name: string, share: number | undefined, isMarked = false): Bar => ({ name, numbers: `${name.length} used`, share, isMarked });
const chart = (...bars: Bar[]) => ({ title: 'License usage of Acme', subtitle: '3 licenses', bars });
const sizeOf = (png: Buffer): [number, number] => [png.readUInt32BE(16), png.readUInt32BE(20)];
const wordsOf = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);

it('is a PNG of 800 pixels width that grows with its bars', async () => {
  const one = await drawBars(chart(bar('Messaging', 0.4)));
  const three = await drawBars(chart(bar('Messaging', 0.4), bar('Calling', 0.2), bar('Basic', undefined)));
  expect(one.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect(sizeOf(one)[0]).toBe(800);
  expect(sizeOf(three)).toEqual([800, sizeOf(one)[1] + 92]);
});

it('shows its data: another share, a mark or another name is another picture, the same data the same picture', async () => {
  const [plain, again, fuller, marked, named] = await Promise.all([
    bar('Messaging', 0.4), bar('Messaging', 0.4), bar('Messaging', 0.5), bar('Messaging', 0.4, true), bar('Messagine', 0.4),
  ].map((one) => drawBars(chart(one))));
  expect(again!.equals(plain!)).toBe(true);
  for (const other of [fuller, marked, named]) expect(other!.equals(plain!)).toBe(false);
});

it('takes its letters from the files of the package alone', async () => {
  const data = chart(bar('Meeting – Łódź', 0.4), bar('Calling', 0.95, true));
  const svg = svgOf(data);
  expect(new Set([...svg.matchAll(/font-family:([^;"]+)/g)].map(([, family]) => family))).toEqual(new Set(['DejaVu Sans']));
  expect(svg).not.toMatch(/<image|<foreignObject|@import|url\(/);
  const files = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`));
  const [own, without] = await Promise.all([files, []].map(async (fontFiles) => (await renderAsync(svg, { font: { loadSystemFonts: false, fontFiles } })).asPng()));
  const drawn = await drawBars(data);
  expect(drawn.equals(own!)).toBe(true);
  expect(drawn.equals(without!)).toBe(false);
});

it('keeps foreign text as text, and cuts a name that would reach into the numbers', () => {
  const svg = svgOf(chart(bar('<script>alert(1)</script> & {b|x}', 0.1), bar('W'.repeat(200), 0.2), bar('Webex Meeting Center (acme-eu.webex.com, Sub207733)', 0.3)));
  const words = wordsOf(svg);
  expect(words).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; {b|x}');
  expect(svg).not.toContain('<script');
  expect(words.find((text) => text.startsWith('WWW'))).toMatch(/^W{20,45}…$/);
  expect(words).toContain('Webex Meeting Center (acme-eu.webex.com, Sub207733)');
});

it('draws no track where there is no limit, and no bar beyond its track', async () => {
  const tracks = (svg: string): number => svg.split('fill="#e6e9ee"').length - 1;
  expect(tracks(svgOf(chart(bar('Messaging', 0.4), bar('Basic', undefined))))).toBe(1);
  expect((await drawBars(chart(bar('Messaging', 1.4)))).equals(await drawBars(chart(bar('Messaging', 1))))).toBe(true);
});
