/** Calls of the emulated Webex with the signed-in person's token, and of the emulator itself. */

let accounts = { bot: {}, people: [] };
let email = '';

/** Webex's words for what went wrong; `status` of the reply. */
export class CallError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const bot = () => accounts.bot;
export const people = () => accounts.people;
/** The signed-in person: `{email, id, displayName, roles, siteAdminOf, token}`. */
export const me = () => accounts.people.find((person) => person.email === email) ?? accounts.people[0];

export function signIn(address) {
  email = address;
}

export async function loadAccounts() {
  accounts = await emulator('GET', 'accounts');
  return accounts;
}

async function failure(reply) {
  const body = await reply.json().catch(() => ({}));
  const wait = reply.headers.get('Retry-After');
  const message = body.message ?? `Webex answered ${reply.status}.`;
  return new CallError(reply.status, wait === null ? message : `${message} (again in ${wait} s)`);
}

/** A call of `/_emulator`. Throws a CallError. */
export async function emulator(method, path, body) {
  const reply = await fetch(`/_emulator/${path}`, {
    method, ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw await failure(reply);
  return reply.json();
}

/** A raw call of `/v1`. A 401 is tried once more with a fresh token: they end when the clock is moved far. Throws a CallError. */
export async function request(method, path, body) {
  const once = () => fetch(`/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${me()?.token ?? ''}`, ...(body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  let reply = await once();
  if (reply.status === 401) {
    await loadAccounts();
    reply = await once();
  }
  if (!reply.ok) throw await failure(reply);
  return reply;
}

/** The JSON of a call of `/v1`; undefined for 204. Throws a CallError. */
export async function call(method, path, body) {
  const reply = await request(method, path, body);
  return reply.status === 204 ? undefined : reply.json();
}

/** All items of a list, to its last page. */
export async function all(path) {
  const items = [];
  for (let next = path; next;) {
    const reply = await request('GET', next);
    items.push(...(await reply.json()).items);
    const link = /<([^>]+)>\s*;\s*rel="next"/.exec(reply.headers.get('Link') ?? '')?.[1];
    const url = link && new URL(link, location.href);
    next = url && url.origin === location.origin ? url.pathname.slice('/v1'.length) + url.search : undefined;
  }
  return items;
}

/** `?a=b`, encoded. */
export const query = (fields) => `?${new URLSearchParams(fields)}`;
