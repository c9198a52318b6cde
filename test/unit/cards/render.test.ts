import { createCards, MOST_ACTIONS } from '../../../src/cards/render.js';
import { filledIn, inputsOf } from '../../../src/cards/inputs.js';

const card = (body: unknown[]): unknown => ({ type: 'AdaptiveCard', $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', version: '1.3', body });
const render = (body: unknown[], data: Record<string, unknown>): any[] => createCards(new Map([['x/y', card(body)]])).render('x/y', data).body;

const HOSTILE = ['**bold**', '[x](http://evil.test)', '<@all>', '${$root.secret}', '"},{"type":"Image","url":"http://evil.test', 'a\nb', '\u202egnp.exe', "O'Brien & <Sons>;", '- a list', '1. one'];

it('escapes data for the place where it ends up', () => {
  const [block, facts, choice] = render([
    { type: 'TextBlock', text: '**${name}**' },
    { type: 'FactSet', facts: [{ title: '${name}', value: '${name}' }] },
    { type: 'Input.ChoiceSet', id: 'x', label: '${name}', choices: [{ $data: '${choices}', title: '${title}', value: '${value}' }] },
  ], { name: '*Amy* [x](http://evil.test)', choices: [{ title: '*Amy*', value: 'id_*1' }] });
  expect(block.text).toBe('**\\*Amy\\* \\[x\\]\\(http://evil.test\\)**');
  expect(facts.facts).toEqual([{ title: '\\*Amy\\* \\[x\\]\\(http://evil.test\\)', value: '\\*Amy\\* \\[x\\]\\(http://evil.test\\)' }]);
  expect(choice.label).toBe('*Amy* [x](http://evil.test)');
  expect(choice.choices).toEqual([{ title: '*Amy*', value: 'id_*1' }]);
});

it('never makes an element, an expression or a mark of data', () => {
  for (const name of HOSTILE) {
    const body = render([{ type: 'TextBlock', text: 'Name: ${name}' }, { type: 'TextBlock', $data: '${list}', text: '${$data}' }], { name, list: [name], secret: 'the secret' });
    expect(body).toHaveLength(2);
    for (const element of body) {
      expect(Object.keys(element).sort()).toEqual(['text', 'type']);
      expect(element.text).not.toMatch(/the secret|[\uE000-\uE003\u202e\n]/);
      expect(element.text).not.toMatch(/(?<!\\)\*\*|(?<!\\)\[x/);
    }
  }
  expect(render([{ type: 'TextBlock', text: '${name}' }], { name: '\uE000x\uE001' })[0].text).toBe('x');
});

it('lets templates compare harmless words, and shows nothing for what is missing', () => {
  const template = [{ type: 'TextBlock', $when: "${state == 'read-only'}", text: 'yes' }, { type: 'TextBlock', text: 'a${nothing}b' }];
  expect(render(template, { state: 'read-only' })).toEqual([{ type: 'TextBlock', text: 'yes' }, { type: 'TextBlock', text: 'ab' }]);
});

it('puts nothing but the token into a button, and not more buttons than Webex draws', () => {
  const cards = createCards(new Map([['x/y', card([])]]));
  const made = cards.render('x/y', {}, { buttons: [{ title: 'Approve', token: 't', style: 'positive' }], footer: 'Acme & *Co*' });
  expect(made.actions).toEqual([{ type: 'Action.Submit', title: 'Approve', style: 'positive', data: { token: 't' } }]);
  expect(made.body).toEqual([expect.objectContaining({ type: 'TextBlock', text: 'Acme & \\*Co\\*' })]);
  const buttons = Array.from({ length: MOST_ACTIONS + 1 }, () => ({ title: 'x', token: 't' }));
  expect(() => cards.render('x/y', {}, { buttons })).toThrow('The card x/y has 6 actions; Webex draws 5.');
  expect(() => cards.render('x/z', {})).toThrow('There is no card template x/z.');
});

describe('trap 10: what comes back from inputs', () => {
  const inputs = inputsOf(card([{ type: 'Container', items: [
    { type: 'Input.Text', id: 'note' }, { type: 'Input.Toggle', id: 'sure' },
    { type: 'Input.ChoiceSet', id: 'who', isMultiSelect: true, choices: [{ title: 'A', value: 'a' }, { title: 'B', value: 'b' }] },
    { type: 'Input.ChoiceSet', id: 'mode', choices: [{ title: 'A', value: 'a' }] },
  ] }]));

  it('is text: several choices joined by commas, toggles as words, the empty ones missing', () => {
    expect(filledIn(inputs, { note: 'x', sure: 'true', who: 'a,b', mode: '' })).toEqual({ note: 'x', sure: 'true', who: 'a,b' });
    expect(filledIn(inputs, {})).toEqual({});
  });

  it('is refused when a choice was not offered, and ignored when the card has no such input', () => {
    expect(filledIn(inputs, { who: 'a,c' })).toBeUndefined();
    expect(filledIn(inputs, { mode: 'a,a' })).toBeUndefined();
    expect(filledIn(inputs, { note: 'x', command: 'changes approve', bound: 'no' })).toEqual({ note: 'x' });
    expect(filledIn(inputs, { note: { $gt: '' }, sure: true })).toEqual({});
  });
});
