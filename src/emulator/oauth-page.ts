import { createHash } from 'node:crypto';
import type { Person } from './model.js';
import type { ApiReply } from './route.js';

const STYLE = `
:root { color-scheme: light dark; --ground: #f7f7f7; --card: #fff; --ink: #121212; --soft: #5a5a5a; --line: #c9c9c9; --go: #1e5f8e; --go-ink: #fff; --focus: #1170cf; }
@media (prefers-color-scheme: dark) { :root { --ground: #121212; --card: #1f1f1f; --ink: #f5f5f5; --soft: #b5b5b5; --line: #4d4d4d; --go: #64b4fa; --go-ink: #0a1a28; --focus: #64b4fa; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 Inter, "Segoe UI", system-ui, sans-serif; }
main { width: 100%; max-width: 30rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 2rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: 0 0 1rem; color: var(--soft); }
p[role=alert] { color: var(--ink); border-left: .25rem solid #d4371c; padding-left: .75rem; }
ul { list-style: none; margin: 0; padding: 0; max-height: 14rem; overflow: auto; border: 1px solid var(--line); border-radius: .5rem; }
li { padding: .5rem .75rem; }
li + li { border-top: 1px solid var(--line); }
li code { display: block; color: var(--soft); font: .8rem ui-monospace, monospace; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
select { width: 100%; font: inherit; padding: .6rem .5rem; border-radius: .5rem; border: 1px solid var(--soft); background: var(--card); color: var(--ink); }
.buttons { display: flex; gap: .75rem; margin-top: 1.5rem; }
button { flex: 1; font: inherit; font-weight: 600; padding: .6rem 1rem; border-radius: 2rem; border: 1px solid var(--soft); background: transparent; color: var(--ink); cursor: pointer; }
button[value=allow] { background: var(--go); border-color: var(--go); color: var(--go-ink); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }`;

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A page. `action` is the origin that the form may lead to; browsers check it after a redirect too. */
function htmlPage(status: number, title: string, content: string, action = ''): ApiReply {
  return {
    status,
    headers: {
      'Content-Security-Policy': `default-src 'none'; style-src ${STYLE_HASH}; form-action 'self' ${action}; base-uri 'none'; frame-ancestors 'none'`,
      'Referrer-Policy': 'same-origin',
    },
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head>
<body><main>${content}</main></body>
</html>
`,
  };
}

/** Shown instead of a redirect where it is not known whom the redirect would reach. */
export function errorPage(reason: string): ApiReply {
  return htmlPage(400, 'Sign-in not possible', `<h1>Sign-in not possible</h1><p role="alert">${escape(reason)}</p><p>Go back to where you came from and start again.</p>`);
}

const THINGS: Record<string, string> = {
  'spark-admin:people': 'people of the organization', 'spark-admin:licenses': 'licenses', 'spark-admin:roles': 'roles', 'spark-admin:organizations': 'organizations',
  'spark-admin:devices': 'devices', 'spark-admin:workspaces': 'workspaces', 'spark-admin:locations': 'locations', 'identity:groups': 'groups and their members',
  'identity:people': 'identities of people', 'identity:tokens': 'authorizations', 'spark:people': 'people', 'spark:rooms': 'your spaces', 'spark:memberships': 'who is in your spaces',
  'spark:messages': 'your messages', 'spark:teams': 'your teams', 'meeting:preferences': 'your meeting preferences', 'meeting:admin_preferences': "everyone's meeting preferences",
  'meeting:admin_config': 'meeting settings of the site', 'audit:events': 'the admin audit log', 'analytics:read_all': 'reports',
};

/** A scope in words: `See licenses`. */
function inWords(scope: string): string {
  if (scope === 'spark:all') return 'Everything that you can do yourself';
  const stem = scope.replace(/_(read|write|rw)$/, '');
  const verb = /_(write|rw)$/.test(scope) ? 'Change' : 'See';
  return `${verb} ${THINGS[stem] ?? stem.replace(/^[\w-]+:/, '').replaceAll('_', ' ')}`;
}

export interface SignIn {
  integration: string;
  scopes: string[];
  /** The request's own parameters, sent back with the form. */
  hidden: Record<string, string>;
  people: Person[];
  selected: string;
  redirectOrigin: string;
  /** What was wrong with the form. */
  error?: string;
}

/** The form: who signs in, what is asked for, Allow or Deny. */
export function signInPage({ integration, scopes, hidden, people, selected, redirectOrigin, error }: SignIn): ApiReply {
  const options = people.map((person) => {
    const email = person.emails[0] ?? '';
    const about = [person.displayName, email, ...person.roles].join(' · ');
    return `<option value="${escape(email)}"${email.toLowerCase() === selected.toLowerCase() ? ' selected' : ''}>${escape(about)}</option>`;
  });
  const fields = Object.entries(hidden).map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`);
  return htmlPage(error === undefined ? 200 : 400, 'Sign in to Webex (emulated)', `
<h1>${escape(integration)} asks for access to Webex</h1>
<p>This is the emulator: no password, no real account.</p>
${error === undefined ? '' : `<p role="alert">${escape(error)}</p>`}
<form method="post" action="/v1/authorize">
${fields.join('\n')}
<label for="email">Sign in as</label>
<select id="email" name="email" required>${options.join('')}</select>
<h2 id="asked">It could then (${scopes.length})</h2>
<ul aria-labelledby="asked" tabindex="0">${scopes.map((scope) => `<li>${escape(inWords(scope))}<code>${escape(scope)}</code></li>`).join('')}</ul>
<div class="buttons"><button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></div>
</form>`, redirectOrigin);
}
