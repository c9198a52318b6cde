import { cast, CARD } from './messaging-support.js';
import { startWire, type Json, type Wire } from './wire.js';

describe('cards', () => {
  let wire: Wire;
  let now: ReturnType<typeof cast>;
  let roomId: string;
  beforeAll(async () => {
    wire = await startWire();
    now = cast(wire);
    roomId = now.roomOf('IT Admins');
  });
  afterAll(() => wire.stop());

  const post = (content: unknown): Promise<Json> => now.asBot('POST', '/messages', { roomId, text: 'Card', attachments: [{ ...CARD, content }] });
  const { content } = CARD;

  it('are kept as they were sent', async () => {
    const sent = await now.asBot('POST', '/messages', { roomId, text: 'Card', attachments: [CARD] });
    expect(sent.status).toBe(200);
    expect((await now.as('anna.berg')('GET', `/messages/${sent.json.id}`)).json.attachments).toEqual([CARD]);
  });

  it.each([
    ['a newer version', { ...content, version: '1.4' }, '#/version'],
    ['no version', { ...content, version: undefined }, 'required key [version] not found'],
    ['no type', { ...content, type: undefined }, 'required key [type] not found'],
    ['an unknown element', { ...content, body: [{ type: 'Table', rows: [] }] }, '#/body/0/type'],
    ['a text without text', { ...content, body: [{ type: 'TextBlock', text: 'a' }, { type: 'TextBlock' }] }, '#/body/1: required key [text] not found'],
    ['a nested mistake', { ...content, body: [{ type: 'ColumnSet', columns: [{ items: [{ type: 'Input.Text' }] }] }] }, '#/body/0/columns/0/items/0: required key [id] not found'],
    ['an unknown action', { ...content, actions: [{ type: 'Action.Execute' }] }, '#/actions/0/type'],
    ['six actions', { ...content, actions: Array.from({ length: 6 }, () => ({ type: 'Action.Submit' })) }, 'maximum of 5 actions'],
    ['six actions in a set', { ...content, body: [{ type: 'ActionSet', actions: Array.from({ length: 6 }, () => ({ type: 'Action.Submit' })) }] }, '#/body/0/actions'],
    ['two inputs of one id', { ...content, body: [{ type: 'Input.Text', id: 'a' }, { type: 'Input.Date', id: 'a' }] }, 'duplicate input id [a]'],
    ['a filtered choice set', { ...content, body: [{ type: 'Input.ChoiceSet', id: 'a', style: 'filtered', choices: [] }] }, '#/body/0/style'],
    ['a choice without value', { ...content, body: [{ type: 'Input.ChoiceSet', id: 'a', choices: [{ title: 'A' }] }] }, '#/body/0/choices/0: required key [value] not found'],
    ['an inner card that is wrong', { ...content, actions: [{ type: 'Action.ShowCard', card: { type: 'AdaptiveCard', body: [{ type: 'Image' }] } }] }, '#/actions/0/card/body/0: required key [url] not found'],
    ['more than 80 KB', { ...content, body: [{ type: 'TextBlock', text: 'x'.repeat(82_000) }] }, 'maximum size'],
    ['a body that is no list', { ...content, body: 'text' }, '#/body: expected type: Array'],
  ])('with %s are refused', async (_what, card, problem) => {
    const reply = await post(card);
    expect(reply.status).toBe(400);
    expect(reply.json.errors.attachments.code).toBe('invalid_attachments');
    expect(reply.json.errors.attachments.attachmentErrors).toEqual([expect.stringContaining(problem)]);
    expect(typeof reply.json.trackingId).toBe('string');
  });

  it('come alone, of the one type, with a text beside them', async () => {
    const send = async (body: object): Promise<number> => (await now.asBot('POST', '/messages', { roomId, ...body })).status;
    expect(await send({ text: 'Two', attachments: [CARD, CARD] })).toBe(400);
    expect(await send({ text: 'Other', attachments: [{ contentType: 'application/json', content }] })).toBe(400);
    expect(await send({ attachments: [CARD] })).toBe(400);
  });

  it('take what others in the space submit', async () => {
    const card = (await now.asBot('POST', '/messages', { roomId, text: 'Card', attachments: [CARD] })).json;
    const body = { type: 'submit', messageId: card.id, inputs: { host: 'Cara', token: 'abc' } };
    const pressed = await now.as('anna.berg')('POST', '/attachment/actions', body);
    expect(pressed.status).toBe(200);
    expect(pressed.json).toMatchObject({ ...body, personId: now.idOf('anna.berg'), roomId });
    expect((await now.asBot('GET', `/attachment/actions/${pressed.json.id}`)).json).toEqual(pressed.json);
    expect((await now.as('cara.olsen')('GET', `/attachment/actions/${pressed.json.id}`)).status).toBe(404);

    expect((await now.asBot('POST', '/attachment/actions', body)).status).toBe(400);
    expect((await now.as('cara.olsen')('POST', '/attachment/actions', body)).status).toBe(404);
    expect((await now.as('anna.berg')('POST', '/attachment/actions', { ...body, type: 'open' })).status).toBe(400);
    expect((await now.as('anna.berg')('POST', '/attachment/actions', { ...body, inputs: 'x' })).status).toBe(400);
    const plain = (await now.asBot('POST', '/messages', { roomId, text: 'No card' })).json;
    expect((await now.as('anna.berg')('POST', '/attachment/actions', { ...body, messageId: plain.id })).status).toBe(400);
    await now.asBot('DELETE', `/messages/${card.id}`);
    expect((await now.as('anna.berg')('POST', '/attachment/actions', body)).status).toBe(404);
    expect((await now.asBot('GET', `/attachment/actions/${pressed.json.id}`)).status).toBe(200);
  });
});
