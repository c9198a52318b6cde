import type { Button, Command } from '../../../src/bot/define.js';
import { asksForRoles, fitted, offeringTo } from '../../../src/bot/offered.js';

const argument = (name: string): Command['arguments'][number] => ({ name, kind: 'text', label: name, help: name, required: false });
const commands = new Map<string, Pick<Command, 'access' | 'arguments'>>([
  ['look', { access: { linked: true, scopes: ['read'], roles: ['Full', 'Reader'] }, arguments: [argument('what')] }],
  ['write', { access: { linked: true, scopes: ['write'], roles: ['Full', 'Writer'] }, arguments: [argument('what'), argument('until')] }],
  ['erase', { access: { linked: true, scopes: ['write'], roles: ['Full'] }, arguments: [argument('until')] }],
  ['undo', { access: { linked: true, scopes: [], roles: [] }, arguments: [] }],
]);
const find = (name: string): Command | undefined => commands.get(name) as Command | undefined;
const button = (command: string, only?: string): Button => ({ title: command, command, arguments: {}, ...(only === undefined ? {} : { only }) });
const offer = offeringTo({ personId: 'me', roles: ['Reader'] }, find);
const titles = (all: Button[], isShared = false): string[] => offer(all, isShared).buttons.map(({ title }) => title);

describe('what somebody is offered', () => {
  it('is what his roles allow, whatever his scopes, and what asks for no role', () => {
    expect(titles([button('write'), button('look'), button('undo'), button('form next')])).toEqual(['look', 'undo', 'form next']);
    expect(asksForRoles([button('undo'), button('form next')], find)).toBe(false);
    expect(asksForRoles([button('undo'), button('look')], find)).toBe(true);
  });

  it('leaves what is for somebody else, and before others what is for everybody', () => {
    expect(titles([button('write', 'you'), button('write', 'me')])).toEqual(['write']);
    expect(titles([button('write', 'you'), button('write', 'me'), button('erase')], true)).toEqual(['write', 'erase']);
  });

  it('needs no inputs that only others would take, nor what held them', () => {
    const some = offer([button('look'), button('write')], false);
    expect([[...some.idle], some.note]).toEqual([['until'], undefined]);
    const none = offer([button('write'), button('erase')], false);
    expect([[...none.idle].sort(), none.note]).toEqual([['until', 'what'], 'To go on from here you need the role Full or Writer.']);

    const input = (id: string): unknown => ({ type: 'Input.Text', id });
    const text = { type: 'TextBlock', text: 'a' };
    const card = { type: 'AdaptiveCard' as const, version: '1.3', body: [text, input('what'), { type: 'Container', items: [input('until')] }, { type: 'Container', items: [text, input('until')] }, { type: 'Container', items: [] }] };
    expect(fitted(card, some).body).toEqual([text, input('what'), { type: 'Container', items: [text] }, { type: 'Container', items: [] }]);
    expect(fitted(card, none).body).toEqual([text, { type: 'Container', items: [text] }, { type: 'Container', items: [] }, expect.objectContaining({ text: none.note })]);
    expect(fitted(card, offer([button('look')], false))).toEqual(card);
  });
});
