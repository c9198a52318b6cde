import { GlobalSettings, Template } from 'adaptivecards-templating';
import { Bug } from '../lib/errors.js';
import { plain } from '../lib/text.js';
import { mark, NOTHING, unmark } from './foreign.js';
import { loadTemplates, type Templates } from './load.js';

/** Webex draws at most this many actions on a card. */
export const MOST_ACTIONS = 5;
/** Cards up to about this size are surely taken; the limit is said to be near 80 KB with its images. */
export const LARGEST_CARD = 28 * 1024;

/** A card as it goes into a message's attachment. */
export interface Card {
  type: 'AdaptiveCard';
  version: string;
  body: unknown[];
  actions?: unknown[];
  [member: string]: unknown;
}

/** A button of a card: its title and what comes back when it is pressed. */
export interface CardButton {
  title: string;
  token: string;
  style?: 'positive' | 'destructive';
}

/** Fills templates. Data is foreign text throughout: it is escaped for the place where it ends up, and is never part of a template. */
export interface Cards {
  /** Throws a Bug for an unknown template or more than five actions. `footer` is added as small text when the card does not say it. */
  render(template: string, data: Record<string, unknown>, options?: { buttons?: readonly CardButton[]; footer?: string }): Card;
}

/** A member that the data does not have is empty, not the text of the expression (which an empty text would bring back). */
GlobalSettings.getUndefinedFieldValueSubstitutionString = () => NOTHING;

export function createCards(templates: Templates = loadTemplates()): Cards {
  const prepared = new Map<string, Template>();
  const templateOf = (name: string): Template => {
    const known = prepared.get(name);
    if (known) return known;
    const found = templates.get(name);
    if (found === undefined) throw new Bug(`There is no card template ${name}.`);
    const template = new Template(found);
    prepared.set(name, template);
    return template;
  };
  return {
    render: (name, data, { buttons = [], footer } = {}) => {
      const card = unmark(templateOf(name).expand({ $root: mark(data) })) as Card;
      if (footer !== undefined && footer !== '' && !JSON.stringify(card.body).includes(JSON.stringify(footer).slice(1, -1))) card.body.push(footerOf(footer));
      const actions = [...(card.actions ?? []), ...buttons.map(actionOf)];
      if (actions.length > MOST_ACTIONS) throw new Bug(`The card ${name} has ${actions.length} actions; Webex draws ${MOST_ACTIONS}.`);
      return actions.length === 0 ? card : { ...card, actions };
    },
  };
}

function footerOf(text: string): unknown {
  return unmark(mark({ type: 'TextBlock', text, size: 'Small', isSubtle: true, wrap: true, spacing: 'Small' }));
}

/** `data` must be an object, and holds nothing but the token: people can read and forge it. */
function actionOf({ title, token, style }: CardButton): unknown {
  return { type: 'Action.Submit', title: plain(title, 60), data: { token }, ...(style === undefined ? {} : { style }) };
}
