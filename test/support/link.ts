import { actionsOf, cardOf, textOf, type Message, type Person } from './person.js';

/** What linking needs of the world. */
interface Place {
  url: string;
}

/** The address that a message of the bot asks to open: of a card's button, or in its text. */
export function linkIn(message: Message): string {
  const open = [...actionsOf(message), ...actionsIn(cardOf(message)?.body)].find((one) => one.type === 'Action.OpenUrl');
  const url = open?.url ?? /https?:\/\/[^\s)"\\]+\/oauth\/start\?state=[^\s)"\\]+/.exec(textOf(message))?.[0];
  if (url === undefined) throw new Error(`No link in: ${textOf(message)}`);
  return url;
}

function actionsIn(body: unknown): { type: string; url?: string }[] {
  if (Array.isArray(body)) return body.flatMap(actionsIn);
  if (body === null || typeof body !== 'object') return [];
  const element = body as { type?: string };
  return [...(element.type?.startsWith('Action.') === true ? [element as { type: string }] : []), ...Object.values(element).flatMap(actionsIn)];
}

/** Opens the start page and follows it to Webex's sign-in page. Gives what the browser has then. */
export async function openStartPage(start: string): Promise<{ cookie: string; authorize: string; page: string }> {
  const response = await fetch(start, { redirect: 'manual' });
  const page = await response.text();
  const cookie = (response.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const authorize = (response.headers.get('location') ?? /href="([^"]*\/authorize\?[^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&amp;', '&').replaceAll('&#38;', '&');
  return { cookie, authorize, page };
}

/** Signs in at Webex as somebody and decides; gives the address to which Webex sends the browser back. */
export async function decide(url: string, authorize: string, email: string, decision: 'allow' | 'deny' = 'allow'): Promise<string> {
  const page = await (await fetch(authorize)).text();
  const fields = new URLSearchParams();
  for (const [input] of page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields.set(name, unescaped(/value="([^"]*)"/.exec(input)?.[1] ?? ''));
  }
  fields.set('email', email);
  fields.set('decision', decision);
  const answer = await fetch(`${url}/v1/authorize`, { method: 'POST', body: fields, redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&');
}

/** Links a person's account through all pages. */
export async function link(world: Place, person: Person, what: string): Promise<void> {
  await person.say(`account link for=${what}`);
  const offer = await person.hears((message) => /oauth\/start/.test(textOf(message)));
  const { cookie, authorize } = await openStartPage(linkIn(offer));
  const back = await decide(world.url, authorize, person.email);
  const last = await fetch(back, { headers: { Cookie: cookie } });
  if (last.status !== 200) throw new Error(`Linking ended with ${last.status}: ${await last.text()}`);
  await person.hears(/is linked/);
}
