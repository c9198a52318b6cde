import { offered, scopesFor, type Feature } from '../../../accounts/scopes.js';
import { textOf, type Command, type View } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { markdown, plain } from '../../../lib/text.js';
import type { AccountsParts } from '../parts.js';
import { namesOf } from '../present.js';

/** `account link [for=delegates,…]`: asks what for, then gives the caller his own link. */
export function accountLink({ accounts, areas }: AccountsParts): Command {
  const features = offered(areas);
  return {
    noun: 'account', verb: 'link', summary: 'Link your Webex account, so that Steward can work with your rights',
    examples: ['account link', `account link for=${features[0]?.name ?? 'look'}`],
    arguments: [{ name: 'for', kind: 'text', label: 'What for', required: false, help: `what to link for, with commas: ${features.map(({ name }) => name).join(', ')}` }],
    access: { linked: false, scopes: [], roles: [] }, plans: false,
    run: async (context, values) => {
      const chosen = chosenOf(features, textOf(values, 'for'));
      if (chosen.length === 0) return { kind: 'view', view: askView(features, context.caller.personId) };
      const url = await accounts.linking.begin(context.caller, chosen);
      return { kind: 'view', view: linkView(chosen, context.caller.email, url) };
    },
  };
}

/** Throws CallerMistake that names what there is. */
function chosenOf(features: readonly Feature[], text: string | undefined): Feature[] {
  const names = (text ?? '').toLowerCase().split(/[\s,;]+/).filter((name) => name !== '');
  return [...new Set(names)].map((name) => {
    const feature = features.find((one) => one.name === name);
    if (feature === undefined) throw new CallerMistake({ code: 'FEATURE_UNKNOWN', message: `There is no “${plain(name, 40)}” to link for. There are: ${namesOf(features)}.` });
    return feature;
  });
}

function askView(features: readonly Feature[], personId: string): View {
  return {
    audience: 'private',
    markdown: [
      '**What shall Steward be able to do for you?** It asks Webex for just what that needs.',
      ...features.map(({ name, title, gives }) => `- **${name}**: ${markdown(title)} (${markdown(gives)})`),
      `Write for example: account link for=${features[0]?.name ?? 'look'}`,
    ].join('\n'),
    card: {
      template: 'accounts/link-for',
      data: { choices: features.map(({ name, title, gives }) => ({ title: `${title}: ${gives}`, value: name })), chosen: features[0]?.name ?? '' },
      buttons: [{ title: 'Next', command: 'account link', arguments: {}, only: personId, style: 'positive' }],
    },
  };
}

function linkView(chosen: readonly Feature[], email: string, url: string): View {
  const scopes = scopesFor(chosen);
  const besides = [...new Set(chosen.flatMap((feature) => feature.besides ?? []))];
  const title = `Link ${email}`;
  const note = 'The link is for you alone, works once, and for 10 minutes. Sign in to Webex as yourself. Do not pass it on.';
  return {
    audience: 'private',
    markdown: [
      `**${markdown(title)}**: [open this page](${url})`, note, 'Steward will ask for:',
      ...scopes.map(({ scope, reason }) => `- ${reason} (${markdown(scope)})`), ...besides,
    ].join('\n'),
    card: { template: 'accounts/link', data: { title, url, note, scopes, besides } },
  };
}
