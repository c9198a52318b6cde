import { call } from './api.js';
import { el } from './dom.js';
import { cardMarkdown } from './markup.js';

/** Adaptive Cards, drawn near to how Webex draws them. */

const dark = matchMedia('(prefers-color-scheme: dark)');
const LIGHT_COLORS = { text: '#171717', subtle: '#5c5c5c', accent: '#0b5cad', good: '#1b6b3a', warning: '#8a4b00', attention: '#b3261e', line: '#d6d6d6', emphasis: '#f1f4f8' };
const DARK_COLORS = { text: '#f2f2f2', subtle: '#b4b4b4', accent: '#7fbcff', good: '#6fd195', warning: '#f5b556', attention: '#ff8f87', line: '#4a4a4a', emphasis: '#2b3036' };

function hostConfig() {
  const c = dark.matches ? DARK_COLORS : LIGHT_COLORS;
  const color = (value) => ({ default: value, subtle: value });
  const foregroundColors = {
    default: { default: c.text, subtle: c.subtle }, dark: color(c.text), light: color(c.subtle), accent: color(c.accent), good: color(c.good), warning: color(c.warning), attention: color(c.attention),
  };
  const container = (backgroundColor) => ({ backgroundColor, foregroundColors });
  const font = 'var(--font)';
  return new AdaptiveCards.HostConfig({
    supportsInteractivity: true,
    fontFamily: font,
    spacing: { small: 4, default: 10, medium: 16, large: 24, extraLarge: 32, padding: 16 },
    separator: { lineThickness: 1, lineColor: c.line },
    fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    imageSizes: { small: 40, medium: 80, large: 160 },
    containerStyles: { default: container('transparent'), emphasis: container(c.emphasis), accent: container(c.emphasis), good: container(c.emphasis), warning: container(c.emphasis), attention: container(c.emphasis) },
    actions: { maxActions: 5, spacing: 'default', buttonSpacing: 8, showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' }, actionsOrientation: 'horizontal', actionAlignment: 'left' },
    inputs: {
      label: { inputSpacing: 'small', requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' }, optionalInputs: { weight: 'bolder' } },
      errorMessage: { color: 'attention', weight: 'default', spacing: 'small' },
    },
    factSet: { title: { weight: 'bolder', wrap: true, maxWidth: 160 }, value: { wrap: true }, spacing: 12 },
    adaptiveCard: { allowCustomStyle: false },
  });
}

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = cardMarkdown(text);
  result.didProcess = true;
};

/** What a client sends: all inputs as texts, merged with the button's data. */
function inputsOf(card, action) {
  const inputs = { ...action.data };
  for (const input of card.getAllInputs()) if (input.id) inputs[input.id] = String(inputs[input.id] ?? '');
  return inputs;
}

/** Calls `changed` when the color scheme changes. */
export function onScheme(changed) {
  dark.addEventListener('change', changed);
}

/** The card of a message as an element, or undefined when it cannot be drawn. */
export function drawCard(message) {
  const content = message.attachments?.[0]?.content;
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = hostConfig();
  const status = el('p', { class: 'card-status', role: 'status' });
  const box = el('div', { class: 'card', role: 'group', 'aria-label': 'Card', dataset: { testid: 'card' } });
  let busy = false;
  const submit = async (action) => {
    if (busy) return;
    busy = true;
    box.classList.add('busy');
    status.className = 'card-status';
    status.textContent = '';
    try {
      await call('POST', '/attachment/actions', { type: 'submit', messageId: message.id, inputs: inputsOf(card, action) });
      status.textContent = 'Sent.';
    } catch (error) {
      status.classList.add('error');
      status.textContent = error.message;
    } finally {
      busy = false;
      box.classList.remove('busy');
    }
  };
  card.onExecuteAction = (action) => {
    if (action instanceof AdaptiveCards.SubmitAction) void submit(action);
    else if (action instanceof AdaptiveCards.OpenUrlAction && /^https?:/i.test(action.url ?? '')) window.open(action.url, '_blank', 'noopener,noreferrer');
  };
  try {
    card.parse(content);
    const drawn = card.render();
    if (!drawn) return undefined;
    box.append(drawn, status);
    return box;
  } catch (error) {
    console.warn('A card could not be drawn.', error);
    return undefined;
  }
}
