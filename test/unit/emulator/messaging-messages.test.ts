import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cast, CARD } from './messaging-support.js';
import { nextOf, startWire, type Json, type Wire } from './wire.js';

describe('messages', () => {
  let wire: Wire;
  let now: ReturnType<typeof cast>;
  let roomId: string;
  beforeEach(async () => {
    wire = await startWire();
    now = cast(wire);
    roomId = now.roomOf('IT Admins');
  });
  afterEach(() => wire.stop());

  it('keeps a mention in the middle as a name in the text and as an element in the HTML', async () => {
    const anna = now.as('anna.berg');
    const sent = await anna('POST', '/messages', { roomId, markdown: 'Please <@personEmail:steward@webex.bot|Steward> list **delegates** of <@personId:' + now.idOf('ben.okoye') + '>' });
    expect(sent.status).toBe(200);
    expect(sent.json.text).toBe('Please Steward list delegates of Ben Okoye');
    expect(sent.json.html).toBe(`<p>Please <spark-mention data-object-type="person" data-object-id="${now.bot.id}">Steward</spark-mention> list <strong>delegates</strong> of `
      + `<spark-mention data-object-type="person" data-object-id="${now.idOf('ben.okoye')}">Ben Okoye</spark-mention></p>`);
    expect(sent.json.mentionedPeople).toEqual([now.bot.id, now.idOf('ben.okoye')]);
    const byHtml = await anna('POST', '/messages', { roomId, html: sent.json.html });
    expect(byHtml.json).toMatchObject({ text: sent.json.text, html: sent.json.html, mentionedPeople: sent.json.mentionedPeople });
    const all = await anna('POST', '/messages', { roomId, markdown: '<@all> look' });
    expect(all.json).toMatchObject({ text: 'All look', mentionedGroups: ['all'] });
    expect(all.json).not.toHaveProperty('mentionedPeople');
    const outside = await anna('POST', '/messages', { roomId, markdown: 'Ask <@personEmail:cara.olsen@acme.test|Cara>' });
    expect(outside.json.text).toBe('Ask Cara');
    expect(outside.json).not.toHaveProperty('mentionedPeople');
  });

  it.each([
    ['**bold** and *slanted* and _too_, not snake_case_name or 2 * 3 * 4', '<p><strong>bold</strong> and <em>slanted</em> and <em>too</em>, not snake_case_name or 2 * 3 * 4</p>',
      'bold and slanted and too, not snake_case_name or 2 * 3 * 4'],
    ['[site](https://acme.test/a?b=1&c=2) `a < b`', '<p><a href="https://acme.test/a?b=1&amp;c=2" rel="nofollow">site</a> <code>a &lt; b</code></p>', 'site a < b'],
    ['- one\n  - inner\n- two\n\n1. first\n\n2. second', '<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul><ol><li>first</li><li>second</li></ol>', '- one\n  - inner\n- two\n- first\n- second'],
    ['> said\n> so\n\nline one  \nline two', '<blockquote><p>said\nso</p></blockquote><p>line one<br>line two</p>', 'said\nso\nline one\nline two'],
    ['```\n<b>**raw**</b>\n```', '<pre><code>&lt;b&gt;**raw**&lt;/b&gt;</code></pre>', '<b>**raw**</b>'],
    ['## Title\nText', '<h2>Title</h2><p>Text</p>', 'Title\nText'],
    ['\\*plain\\* &lt;@all&gt; &amp; \\<@all\\>', '<p>*plain* &lt;@all&gt; &amp; &lt;@all&gt;</p>', '*plain* <@all> & <@all>'],
    ['<script>alert(1)</script><img src=x onerror=alert(1)><b onclick="x()">bold</i> on', '<p><b>bold on</b></p>', 'bold on'],
    ['[x](javascript:alert(1)) <a href="javascript:alert(1)">y</a>', '<p>x y</p>', 'x y'],
  ])('turns %j into safe HTML and plain text', async (markdown, html, text) => {
    const sent = await now.as('anna.berg')('POST', '/messages', { roomId, markdown });
    expect([sent.json.html, sent.json.text]).toEqual([html, text]);
    expect(sent.json.markdown).toBe(markdown);
  });

  it('counts bytes, not characters', async () => {
    const anna = now.as('anna.berg');
    const most = '😀'.repeat(1859) + 'abc';
    expect(Buffer.byteLength(most)).toBe(7439);
    expect((await anna('POST', '/messages', { roomId, text: most })).json.text).toBe(most);
    expect((await anna('POST', '/messages', { roomId, text: `${most}d` })).status).toBe(400);
    expect((await anna('POST', '/messages', { roomId, markdown: `${most}d` })).status).toBe(400);
  });

  it('wants exactly one destination and some content', async () => {
    const anna = now.as('anna.berg');
    const both = await anna('POST', '/messages', { roomId, toPersonEmail: 'ben.okoye@acme.test', text: 'Hello' });
    expect(both.status).toBe(400);
    expect(both.json.errors[0].description).toContain('Exactly one of the destination fields must not be empty');
    expect((await anna('POST', '/messages', { text: 'Hello' })).status).toBe(400);
    const empty = await anna('POST', '/messages', { roomId, text: '' });
    expect([empty.status, empty.json.message]).toEqual([400, 'Both text and file cannot be empty.']);
    expect((await anna('POST', '/messages', { roomId: now.roomOf('Executive Office'), text: 'Hello' })).status).toBe(404);
  });

  it('makes a 1:1 space with the first message and titles it after the other person', async () => {
    const anna = now.as('anna.berg');
    const sent = await anna('POST', '/messages', { toPersonEmail: now.bot.email, text: 'Hello' });
    expect(sent.json).toMatchObject({ roomType: 'direct', toPersonEmail: now.bot.email, toPersonId: now.bot.id });
    const back = await now.asBot('POST', '/messages', { toPersonId: now.idOf('anna.berg'), text: 'Hi' });
    expect(back.json.roomId).toBe(sent.json.roomId);
    expect((await anna('GET', `/rooms/${sent.json.roomId}`)).json.title).toBe('Steward');
    expect((await now.asBot('GET', `/rooms/${sent.json.roomId}`)).json.title).toBe('Anna Berg');
    const direct = await anna('GET', `/messages/direct?personEmail=${now.bot.email}`);
    expect(direct.json.items.map(({ text }: Json) => text)).toEqual(['Hi', 'Hello']);
    expect((await now.asBot('GET', `/messages?roomId=${sent.json.roomId}`)).json.items).toHaveLength(2);
    expect((await anna('POST', '/memberships', { roomId: sent.json.roomId, personEmail: 'ben.okoye@acme.test' })).status).toBe(400);
    expect((await anna('POST', '/messages', { toPersonEmail: 'nobody@acme.test', text: 'Hello' })).status).toBe(404);
  });

  it('shows a bot in a group space only what mentions it', async () => {
    const anna = now.as('anna.berg');
    const other = await anna('POST', '/messages', { roomId, text: 'Between us' });
    const toBot = await anna('POST', '/messages', { roomId, markdown: 'Hi <@personEmail:steward@webex.bot>' });
    const everybody = await anna('POST', '/messages', { roomId, markdown: '<@all> hi' });
    expect((await now.asBot('GET', `/messages?roomId=${roomId}`)).status).toBe(403);
    expect((await now.asBot('GET', `/messages?roomId=${roomId}&mentionedPeople=me`)).json.items.map(({ id }: Json) => id)).toEqual([toBot.json.id]);
    expect((await now.asBot('GET', `/messages/${toBot.json.id}`)).status).toBe(200);
    expect((await now.asBot('GET', `/messages/${other.json.id}`)).status).toBe(404);
    expect((await now.asBot('GET', `/messages/${everybody.json.id}`)).status).toBe(404);
    expect((await anna('GET', `/messages?roomId=${roomId}&mentionedPeople=${now.idOf('ben.okoye')}`)).status).toBe(400);
  });

  it('pages from new to old, unmoved by what is posted meanwhile', async () => {
    const anna = now.as('anna.berg');
    const before: number = (await anna('GET', `/messages?roomId=${roomId}`)).json.items.length;
    for (let index = 0; index < 5; index += 1) await anna('POST', '/messages', { roomId, text: `Message ${index}` });
    const first = await anna('GET', `/messages?roomId=${roomId}&max=2`);
    expect(first.json.items.map(({ text }: Json) => text)).toEqual(['Message 4', 'Message 3']);
    await anna('POST', '/messages', { roomId, text: 'Meanwhile' });
    const texts: string[] = [];
    for (let next = nextOf(first); next !== undefined;) {
      const reply = await wire.call('GET', next, { token: wire.token('anna.berg') });
      texts.push(...reply.json.items.map(({ text }: Json) => text));
      next = nextOf(reply);
    }
    expect(texts.slice(0, 3)).toEqual(['Message 2', 'Message 1', 'Message 0']);
    expect(texts).toHaveLength(3 + before);
    expect((await anna('GET', `/messages?roomId=${roomId}&beforeMessage=${first.json.items[1].id}&max=1`)).json.items[0].text).toBe('Message 2');
    expect((await anna('GET', `/messages?roomId=${roomId}&before=2020-01-01T00:00:00.000Z`)).json.items).toEqual([]);
    expect((await anna('GET', '/messages')).status).toBe(400);
  });

  it('keeps threads one level deep', async () => {
    const anna = now.as('anna.berg');
    const root = await anna('POST', '/messages', { roomId, text: 'Root' });
    const reply = await now.as('ben.okoye')('POST', '/messages', { roomId, text: 'Reply', parentId: root.json.id });
    expect(reply.json.parentId).toBe(root.json.id);
    expect((await anna('POST', '/messages', { roomId, text: 'Deeper', parentId: reply.json.id })).status).toBe(400);
    expect((await anna('POST', '/messages', { roomId: now.roomOf('Project Phoenix'), text: 'Elsewhere', parentId: root.json.id })).status).toBe(404);
    expect((await anna('GET', `/messages?roomId=${roomId}&parentId=${root.json.id}`)).json.items.map(({ id }: Json) => id)).toEqual([reply.json.id]);
  });

  it('lets an author edit ten times, and nobody else', async () => {
    const anna = now.as('anna.berg');
    const { id } = (await anna('POST', '/messages', { roomId, markdown: '**Draft**' })).json;
    expect((await now.as('ben.okoye')('PUT', `/messages/${id}`, { roomId, text: 'Mine' })).status).toBe(403);
    const first = await anna('PUT', `/messages/${id}`, { roomId, text: 'Edit 1' });
    expect(first.json).toMatchObject({ id, text: 'Edit 1' });
    expect(first.json).not.toHaveProperty('html');
    expect(typeof first.json.updated).toBe('string');
    expect((await anna('PUT', `/messages/${id}`, { roomId, markdown: 'x', html: '<b>x</b>' })).status).toBe(400);
    for (let edit = 2; edit <= 10; edit += 1) expect((await anna('PUT', `/messages/${id}`, { roomId, text: `Edit ${edit}` })).status).toBe(200);
    expect((await anna('PUT', `/messages/${id}`, { roomId, text: 'Edit 11' })).status).toBe(400);
    expect((await anna('GET', `/messages/${id}`)).json.text).toBe('Edit 10');
    const card = await anna('POST', '/messages', { roomId, text: 'Card', attachments: [CARD] });
    expect((await anna('PUT', `/messages/${card.json.id}`, { roomId, text: 'Changed' })).status).toBe(400);
  });

  it('deletes own messages, and others\' for a moderator who is no bot', async () => {
    const operations = now.roomOf('Webex Operations');
    const post = async (local: string): Promise<string> => (await now.as(local)('POST', '/messages', { roomId: operations, markdown: 'Hi <@personEmail:steward@webex.bot>' })).json.id;
    const [first, second] = [await post('carl.jensen'), await post('carl.jensen')];
    expect((await now.as('gus.meyer')('DELETE', `/messages/${first}`)).status).toBe(403);
    expect((await now.as('carl.jensen')('DELETE', `/messages/${first}`)).status).toBe(204);
    const bot = wire.emulator.state.memberships.get(wire.emulator.state.membersOfRoom.get(operations)!.get(now.bot.id)!)!;
    bot.isModerator = true;
    expect((await now.asBot('DELETE', `/messages/${second}`)).status).toBe(403);
    expect((await now.as('anna.berg')('DELETE', `/messages/${second}`)).status).toBe(204);
    expect((await now.as('anna.berg')('GET', `/messages/${second}`)).status).toBe(404);
  });

  it('lets only moderators post in an announcement space', async () => {
    const news = now.roomOf('Company News');
    expect((await now.asBot('POST', '/messages', { roomId: news, text: 'Answer' })).status).toBe(403);
    expect((await now.as('cara.olsen')('POST', '/messages', { roomId: news, text: 'News' })).status).toBe(200);
  });

  describe('with files', () => {
    const upload = async (local: string, name: string, bytes: string | Buffer, fields: Record<string, string> = {}): Promise<Json> => {
      const form = new FormData();
      for (const [key, value] of Object.entries({ roomId, ...fields })) form.append(key, value);
      form.append('files', new Blob([bytes], { type: 'text/csv' }), name);
      const response = await fetch(`${wire.url}/v1/messages`, { method: 'POST', headers: { authorization: `Bearer ${wire.token(local)}` }, body: form });
      return { status: response.status, json: await response.json() };
    };

    it('uploads and downloads, names included, for members only', async () => {
      const content = 'host,delegate\ncara.olsen@acme.test,amy.adams@acme.test\n';
      const sent = await upload('anna.berg', 'Größe 1.csv', content, { markdown: '**delegates import**' });
      expect(sent.status).toBe(200);
      expect(sent.json).toMatchObject({ text: 'delegates import', files: [expect.stringContaining(`${wire.url}/v1/contents/`)] });
      const got = await wire.call('GET', sent.json.files[0], { token: wire.token('ben.okoye') });
      expect([got.status, got.text, got.headers.get('content-type')]).toEqual([200, content, 'text/csv']);
      const head = await wire.call('HEAD', sent.json.files[0], { token: wire.token('ben.okoye') });
      expect(head.headers.get('content-disposition')).toBe(`attachment; filename="Gr__e 1.csv"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.csv`);
      expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(content)));
      expect((await wire.call('GET', sent.json.files[0], { token: wire.token('cara.olsen') })).status).toBe(404);
      expect((await wire.call('GET', sent.json.files[0])).status).toBe(401);
      expect((await now.as('anna.berg')('PUT', `/messages/${sent.json.id}`, { roomId, text: 'Changed' })).status).toBe(400);
    });

    it('needs no text with a file, and never takes a card beside it', async () => {
      const sent = await upload('anna.berg', 'a.csv', 'a');
      expect(sent.status).toBe(200);
      expect(sent.json).not.toHaveProperty('text');
      const both = await now.as('anna.berg')('POST', '/messages', { roomId, text: 'Both', files: [`${wire.url}/x`], attachments: [CARD] });
      expect(both.status).toBe(400);
    });

    it('fetches a file by its address', async () => {
      const server = createServer((request, response) => {
        if (request.url === '/plan.pdf') response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF');
        else response.writeHead(404).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const anna = now.as('anna.berg');
      const sent = await anna('POST', '/messages', { roomId, files: [`${base}/plan.pdf`] });
      const got = await wire.call('GET', sent.json.files[0], { token: wire.token('anna.berg') });
      expect([got.text, got.headers.get('content-type'), got.headers.get('content-disposition')]).toEqual(['%PDF', 'application/pdf', expect.stringContaining('plan.pdf')]);
      expect((await anna('POST', '/messages', { roomId, files: [`${base}/missing`] })).status).toBe(400);
      expect((await anna('POST', '/messages', { roomId, files: [`${base}/a`, `${base}/b`] })).status).toBe(400);
      expect((await anna('POST', '/messages', { roomId, files: ['file:///etc/hostname'] })).status).toBe(400);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  });
});
