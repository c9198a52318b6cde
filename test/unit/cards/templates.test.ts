import * as adaptivecards from 'adaptivecards/dist/adaptivecards.min.js';
import { createCards, LARGEST_CARD, MOST_ACTIONS } from '../../../src/cards/render.js';
import { loadTemplates } from '../../../src/cards/load.js';

// The bundle is CommonJS: under this test runner its members hang on the default export.
const AC: any = (adaptivecards).default ?? adaptivecards;
const templates = loadTemplates();
const cards = createCards(templates);

const HOSTILE = 'Zoë & <@all> **x** [click](http://evil.test) \u202e\u200b ${$root} "}],"a":[{ \n; O\'Brien';
const FUNCTIONS = new Set(['count', 'if', 'equals', 'and', 'or', 'not', 'true', 'false', 'exists', 'string', 'length', 'formatNumber']);
/** Members of these places have a fixed set of values. */
const FIXED: Record<string, string> = { color: 'Good', url: 'https://steward.acme.test/oauth/start?state=abc', weight: 'Bolder', size: 'Small' };

/** Data for every name that a template uses: lists of two where it repeats, true for conditions (text and choice are one or the other), text elsewhere. */
function sample(node: unknown, text: string, index = 0): unknown {
  const data: Record<string, unknown> = {};
  const lists = new Map<string, unknown>();
  const places = new Set<string>();
  const walk = (value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, key);
    } else if (typeof value === 'object' && value !== null) {
      const list = /^\$\{(\w+)\}$/.exec((value as { $data?: string }).$data ?? '')?.[1];
      if (list === undefined) {
        for (const [name, member] of Object.entries(value)) walk(member, name);
      } else {
        const { $data: _list, ...inner } = value as Record<string, unknown>;
        lists.set(list, [lists.get(list) ?? [], inner]);
      }
    } else if (typeof value === 'string') {
      for (const [, expression = ''] of value.matchAll(/\$\{([^}]*)\}/g)) {
        places.add(expression);
        for (const counted of expression.matchAll(/count\((\w+)\)/g)) if (!lists.has(counted[1] ?? '')) lists.set(counted[1] ?? '', []);
        for (const [name] of expression.replace(/'[^']*'/g, '').matchAll(/[A-Za-z_]\w*/g)) {
          if (FUNCTIONS.has(name) || data[name] !== undefined && key !== 'id') continue;
          data[name] = key === 'id' ? `item${index}` : name === 'isText' ? index % 2 === 0 : name === 'isChoice' ? index % 2 === 1 : /^(is|has)[A-Z]/.test(name) ? true : (FIXED[key] ?? FIXED[name] ?? (text === '' && (key === 'title' || key === 'value') ? 'x' : text));
        }
      }
    }
  };
  walk(node, '');
  if (places.has('$data')) return text;
  for (const [name, inner] of lists) data[name] = Array.isArray(inner) && inner.length === 0 ? [text, text] : [sample(inner, text, index * 2 + 1), sample(inner, text, index * 2 + 2)];
  return data;
}

/** What the vendor's parser has against a card. */
function problems(card: unknown): string[] {
  const context = new AC.SerializationContext(AC.Versions.v1_3);
  const parsed = new AC.AdaptiveCard();
  parsed.parse(card, context);
  const found: { message: string }[] = [...Array.from({ length: context.eventCount }, (_, n) => context.getEventAt(n)), ...parsed.validateProperties().validationEvents];
  return found.map((event) => event.message);
}

function elements(node: unknown): Record<string, any>[] {
  if (Array.isArray(node)) return node.flatMap(elements);
  if (typeof node !== 'object' || node === null) return [];
  return [...('type' in node ? [node as Record<string, any>] : []), ...Object.values(node).flatMap(elements)];
}

const filled = (name: string, text: string): any => cards.render(name, sample(templates.get(name), text) as Record<string, unknown>);

it('has templates, and a parser that finds faults', () => {
  expect(templates.size).toBeGreaterThan(5);
  expect(problems({ type: 'AdaptiveCard', version: '1.3', body: [{ type: 'Nonsense' }, { type: 'Input.Text', label: 'x' }] }).length).toBeGreaterThan(1);
});

describe.each([...templates.keys()])('%s', (name) => {
  it.each([['sample', 'Anna Berg'], ['hostile', HOSTILE], ['empty', '']])('is a card of version 1.3 with %s data', (_what, text) => {
    const card = filled(name, text);
    expect(card.version).toBe('1.3');
    expect(problems(card)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(LARGEST_CARD);
    expect((card.actions ?? []).length).toBeLessThan(MOST_ACTIONS);
    expect(JSON.stringify(card).replaceAll('${$root}', '')).not.toMatch(/\$\{|backgroundImage|iconUrl|"Media"|"Table"|Action\.Execute|[\uE000-\uE003]/);
  });

  it('labels every input, and says what is wrong where one is required', () => {
    for (const input of elements(filled(name, 'Anna Berg')).filter((element) => String(element.type).startsWith('Input.'))) {
      expect(input.label ?? input.title).toEqual(expect.stringMatching(/\S/));
      if (input.isRequired === true) expect(input.errorMessage).toEqual(expect.stringMatching(/\S/));
    }
  });

  it('shows hostile text without markup', () => {
    for (const element of elements(filled(name, HOSTILE))) {
      if (element.type !== 'TextBlock' || !String(element.text).includes('Zoë')) continue;
      expect(element.text).not.toMatch(/[\u202e\u200b\n]|(?<!\\)\[click(?<!\\)\]|[^\\]\]\(/);
    }
  });
});
