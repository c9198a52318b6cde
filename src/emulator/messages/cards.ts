import { ApiError } from '../route.js';

/** The only type of attachment. */
export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
const MAX_ACTIONS = 5;
const MAX_IMAGES = 10;
const MAX_BYTES = 80 * 1024;

type Fields = Record<string, unknown>;
interface Kind {
  required: string[];
  /** Members that hold elements, and of which kinds: any element unless named. */
  children?: Record<string, Record<string, Kind> | 'elements' | 'actions'>;
  /** Input ids are keys of the submitted values. */
  input?: true;
}

const COLUMN: Record<string, Kind> = { Column: { required: [], children: { items: 'elements' } } };
const IMAGE: Kind = { required: ['url'] };

/** Adaptive Cards 1.3 as Webex takes them, with the keys that an element must have. `Media` is not supported. */
const ELEMENTS: Record<string, Kind> = {
  TextBlock: { required: ['text'] },
  RichTextBlock: { required: ['inlines'] },
  Image: IMAGE,
  ImageSet: { required: ['images'], children: { images: { Image: IMAGE } } },
  Container: { required: ['items'], children: { items: 'elements' } },
  ColumnSet: { required: [], children: { columns: COLUMN } },
  FactSet: { required: ['facts'] },
  ActionSet: { required: ['actions'], children: { actions: 'actions' } },
  'Input.Text': { required: ['id'], input: true },
  'Input.Number': { required: ['id'], input: true },
  'Input.Date': { required: ['id'], input: true },
  'Input.Time': { required: ['id'], input: true },
  'Input.Toggle': { required: ['id', 'title'], input: true },
  'Input.ChoiceSet': { required: ['id', 'choices'], input: true },
};
const ACTIONS: Record<string, Kind> = {
  'Action.Submit': { required: [] },
  'Action.OpenUrl': { required: ['url'] },
  'Action.ShowCard': { required: ['card'] },
  'Action.ToggleVisibility': { required: ['targetElements'] },
};

interface Walk {
  problems: string[];
  ids: Set<string>;
  images: number;
}

const isObject = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value);
const absent = (value: unknown): boolean => value === undefined || value === null;

function checkList(walk: Walk, at: string, list: unknown, kinds: Record<string, Kind>): void {
  if (absent(list)) return;
  if (!Array.isArray(list)) {
    walk.problems.push(`#${at}: expected type: Array`);
    return;
  }
  if (kinds === ACTIONS && list.length > MAX_ACTIONS) walk.problems.push(`#${at}: maximum of ${MAX_ACTIONS} actions, found: ${list.length}`);
  list.forEach((item: unknown, index) => { checkItem(walk, `${at}/${index}`, item, kinds); });
}

function checkItem(walk: Walk, at: string, item: unknown, kinds: Record<string, Kind>): void {
  if (!isObject(item)) {
    walk.problems.push(`#${at}: expected type: JSONObject`);
    return;
  }
  // Columns and the images of a set may leave out their type.
  const type = item.type ?? (Object.keys(kinds).length === 1 ? Object.keys(kinds)[0] : undefined);
  const kind = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (typeof type !== 'string' || !kind) {
    walk.problems.push(absent(type) ? `#${at}: required key [type] not found` : `#${at}/type: ${JSON.stringify(type)} is not a valid enum value`);
    return;
  }
  for (const key of kind.required) if (absent(item[key])) walk.problems.push(`#${at}: required key [${key}] not found`);
  for (const [key, inside] of Object.entries(kind.children ?? {})) {
    checkList(walk, `${at}/${key}`, item[key], inside === 'elements' ? ELEMENTS : inside === 'actions' ? ACTIONS : inside);
  }
  if (kind === IMAGE) walk.images += 1;
  if (kind.input === true && typeof item.id === 'string') {
    if (walk.ids.has(item.id)) walk.problems.push(`#${at}/id: duplicate input id [${item.id}]`);
    walk.ids.add(item.id);
  }
  if (!absent(item.selectAction)) checkItem(walk, `${at}/selectAction`, item.selectAction, ACTIONS);
  CHECKS[type]?.(walk, at, item);
}

const isHttp = (value: unknown): boolean => typeof value === 'string' && /^https?:\/\/\S+$/i.test(value);

const CHECKS: Record<string, (walk: Walk, at: string, item: Fields) => void> = {
  TextBlock: (walk, at, { text }) => { if (!absent(text) && typeof text !== 'string') walk.problems.push(`#${at}/text: expected type: String`); },
  Image: (walk, at, { url }) => { if (!absent(url) && !isHttp(url)) walk.problems.push(`#${at}/url: [url] is not a valid URI`); },
  FactSet: (walk, at, { facts }) => { checkPairs(walk, `${at}/facts`, facts); },
  'Input.ChoiceSet': (walk, at, { choices, style }) => {
    checkPairs(walk, `${at}/choices`, choices);
    if (!absent(style) && style !== 'compact' && style !== 'expanded') walk.problems.push(`#${at}/style: ${JSON.stringify(style)} is not a valid enum value`);
  },
  'Action.OpenUrl': (walk, at, { url }) => { if (!absent(url) && !isHttp(url)) walk.problems.push(`#${at}/url: [url] is not a valid URI`); },
  'Action.ShowCard': (walk, at, { card }) => { if (!absent(card)) checkCard(walk, `${at}/card`, card); },
};

/** Facts and choices: lists of `{title, value}`. */
function checkPairs(walk: Walk, at: string, list: unknown): void {
  if (absent(list)) return;
  if (!Array.isArray(list)) {
    walk.problems.push(`#${at}: expected type: Array`);
    return;
  }
  list.forEach((pair: unknown, index) => {
    for (const key of ['title', 'value']) {
      if (!isObject(pair) || typeof pair[key] !== 'string') walk.problems.push(`#${at}/${index}: required key [${key}] not found`);
    }
  });
}

function checkCard(walk: Walk, at: string, card: unknown): void {
  if (!isObject(card)) {
    walk.problems.push(`#${at}: expected type: JSONObject`);
    return;
  }
  if (card.type !== 'AdaptiveCard') walk.problems.push(absent(card.type) ? `#${at}: required key [type] not found` : `#${at}/type: expected AdaptiveCard`);
  checkList(walk, `${at}/body`, card.body, ELEMENTS);
  checkList(walk, `${at}/actions`, card.actions, ACTIONS);
}

function refuse(reason: string, attachmentErrors: string[]): never {
  const error = new ApiError(400, 'Unable to post message with attachments.');
  error.errors = { attachments: { code: 'invalid_attachments', reason, attachmentErrors } };
  throw error;
}

/**
 * The `attachments` of a new message: none, or one card up to version 1.3.
 * Throws 400 with Webex's nested form `errors.attachments.{code, reason, attachmentErrors}`, problems as JSON pointers.
 */
export function readAttachments(given: unknown): { contentType: string; content: unknown }[] {
  if (given === undefined || given === null || (Array.isArray(given) && given.length === 0)) return [];
  if (!Array.isArray(given)) refuse('attachments must be a list.', ['#: expected type: Array']);
  if (given.length > 1) refuse('Only one attachment is supported per message.', [`#: maximum item count: 1, found: ${given.length}`]);
  const attachment: unknown = given[0];
  if (!isObject(attachment) || attachment.contentType !== CARD_TYPE) refuse('The attachment is not supported.', [`#/0/contentType: expected ${CARD_TYPE}`]);
  const { content } = attachment;
  const walk: Walk = { problems: [], ids: new Set(), images: 0 };
  if (isObject(content)) {
    const version = typeof content.version === 'string' ? /^1\.(\d+)$/.exec(content.version)?.[1] : undefined;
    if (absent(content.version)) walk.problems.push('#: required key [version] not found');
    else if (version === undefined || Number(version) > 3) walk.problems.push(`#/version: ${JSON.stringify(content.version)} is not supported, at most 1.3`);
  }
  checkCard(walk, '', content);
  if (walk.images > MAX_IMAGES) walk.problems.push(`#: maximum of ${MAX_IMAGES} images, found: ${walk.images}`);
  const bytes = Buffer.byteLength(JSON.stringify(content ?? null));
  if (bytes > MAX_BYTES) walk.problems.push(`#: maximum size: ${MAX_BYTES} bytes, found: ${bytes}`);
  if (walk.problems.length > 0) refuse('The card is not valid.', walk.problems);
  return [{ contentType: CARD_TYPE, content }];
}
