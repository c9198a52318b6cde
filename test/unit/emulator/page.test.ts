import { openPlace, type Place } from './meetings-support.js';

let place: Place;
beforeAll(async () => { place = await openPlace(); });
afterAll(() => place.stop());

const get = (path: string): Promise<Response> => fetch(place.url + path);

it('runs only its own scripts and styles', async () => {
  const reply = await get('/');
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
  const policy = reply.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(policy).not.toContain('unsafe');
  expect(await reply.text()).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=/i);
});

it('serves every file that it names, and nothing else of its folder', async () => {
  const seen = new Set<string>();
  const queue = ['/'];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const reply = await get(path);
    expect([path, reply.status]).toEqual([path, 200]);
    const text = path === '/adaptivecards.min.js' ? '' : await reply.text();
    for (const [, named = ''] of text.matchAll(/(?:href|src)="(\/[\w.-]+)"/g)) queue.push(named);
    for (const [, named = ''] of text.matchAll(/from '\.(\/[\w.-]+)'/g)) queue.push(named);
  }
  expect([...seen]).toEqual(expect.arrayContaining(['/app.js', '/style.css', '/adaptivecards.min.js', '/composer.js', '/snapshot.js']));
  for (const path of ['/router.ts', '/router.js', '/..%2fserver.ts', '/package.json']) expect([path, (await get(path)).status]).toEqual([path, 404]);
});
