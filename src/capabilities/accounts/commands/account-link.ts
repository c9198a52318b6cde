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
      const has = (await accounts.records.findAnywhere(context.caller.personId))?.scopes ?? [];
      const linked = features.filter((feature) => feature.scopes.every(({ scope }) => has.includes(scope)));
      if (chosen.length === 0) return { kind: 'view', view: askView(features, linked, context.caller.personId) };
      const url = await accounts.linking.begin(context.caller, chosen);
      return { kind: 'view', view: linkView(chosen, linked, context.caller.email, url) };
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

function askView(features: readonly Feature[], linked: readonly Feature[], personId: string): View {
  return {
    audience: 'private',
    markdown: [
      '**What shall Steward be able to do for you?** It asks Webex for just what that needs.',
      ...features.map(({ name, title, gives }) => `- **${name}**: ${markdown(title)} (${markdown(gives)})`),
      `Write for example: account link for=${features[0]?.name ?? 'look'}`,
    ].join('\n'),
    card: {
      template: 'accounts/link-for',
      data: { choices: features.map(({ name, title, gives }) => ({ title: `${title}: ${gives}`, value: name })), chosen: (linked.length > 0 ? linked : features.slice(0, 1)).map(({ name }) => name).join(',') },
      buttons: [{ title: 'Next', command: 'account link', arguments: {}, only: personId, style: 'positive' }],
    },
  };
}

/** A new grant takes the place of the old one, whole: what it leaves out ends. */
function linkView(chosen: readonly Feature[], linked: readonly Feature[], email: string, url: string): View {
  const scopes = scopesFor(chosen);
  const ends = linked.filter((feature) => !feature.scopes.every(({ scope }) => scopes.some((asked) => asked.scope === scope)));
  const besides = [
    ...(ends.length > 0 ? [`This takes the place of what is linked now, so this ends: ${ends.map(({ title }) => title).join(', ')}. To keep it: account link for=${[...ends, ...chosen].map(({ name }) => name).join(',')}`] : []),
    ...new Set(chosen.flatMap((feature) => feature.besides ?? [])),
  ];
  const title = `Link ${email}`;
  const note = 'The link is for you alone, works once, and for 10 minutes. Sign in to Webex as yourself. Do not pass it on.';
  return {
    audience: 'private',
    markdown: [
      `**${markdown(title)}**: [open this page](${url})`, note, 'Steward will ask for:',
      ...scopes.map(({ scope, reason }) => `- ${reason} (${markdown(scope)})`), ...besides.map((line) => markdown(line, 500)),
    ].join('\n'),
    card: { template: 'accounts/link', data: { title, url, note, scopes, besides } },
  };
}
