import { html } from '../../lib/text.js';

/** What a browser is shown while somebody links his account. All texts are plain; they are escaped here. */
export interface LinkPage {
  status: number;
  /** `good` and `bad` colour the page; `ask` waits for the person. */
  mood: 'ask' | 'good' | 'bad';
  title: string;
  lines: string[];
  /** What is asked for and why. */
  scopes?: readonly { scope: string; reason: string }[];
  /** The one button. */
  next?: { url: string; label: string };
  /** To be set in the browser, or taken away (null). Absent: left as it is. */
  cookie?: string | null;
}

/** The page as HTML. It has no script, and its style beside it. */
export function renderPage(page: LinkPage): string {
  const scopes = page.scopes?.map(({ scope, reason }) => `<dt>${html(reason)}</dt><dd>${html(scope)}</dd>`) ?? [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${html(page.title)} · Steward</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<main class="${page.mood}">
<p class="name">Steward</p>
<h1>${html(page.title)}</h1>
${page.lines.map((line) => `<p>${html(line)}</p>`).join('\n')}
${scopes.length === 0 ? '' : `<h2>What Steward asks for</h2>\n<dl>\n${scopes.join('\n')}\n</dl>`}
${page.next === undefined ? '' : `<a class="next" rel="noreferrer" href="${html(page.next.url, 8000)}">${html(page.next.label)}</a>`}
</main>
</body>
</html>
`;
}
