import { allows, toLookAt } from '../../../accounts/looking.js';
import { offered, scopesFor, type Feature } from '../../../accounts/scopes.js';
import { textOf, type Button, type Command, type View } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { markdown } from '../../../lib/text.js';
import { choiceFor, chosenOf, linkedOf, type Choice } from '../choice.js';
import type { AccountsParts } from '../parts.js';

/** `account link [for=delegates,…]`: asks what for, then gives the caller his own link. */
export function accountLink({ accounts, areas }: AccountsParts): Command {
  const features = offered(areas);
  return {
    noun: 'account', verb: 'link', summary: 'Link your Webex account, so that Steward can work with your rights',
    examples: ['account link', `account link for=${features[0]?.name ?? 'look'}`],
    arguments: [{ name: 'for', kind: 'text', label: 'What for', required: false, help: `what to link for, with commas: ${features.map(({ name }) => name).join(', ')}` }],
    access: { linked: false, scopes: [], roles: [] }, plans: false,
    run: async ({ caller }, values) => {
      const asked = chosenOf(features, textOf(values, 'for'));
      const account = await accounts.records.findAnywhere(caller.personId);
      // Webex shows somebody's roles to his own account only: until one is linked they are not known.
      const authority = account?.state === 'linked' ? await accounts.authority(account.orgId, caller.personId) : undefined;
      const roles = authority?.ok === true ? authority.roles : undefined;
      const linked = linkedOf(features, account?.scopes ?? [], roles);
      if (asked.length === 0) return { kind: 'view', view: askView(features, linked, roles, caller.personId) };
      const choice = choiceFor(asked, features, roles);
      const url = await accounts.linking.begin(caller, choice.features);
      return { kind: 'view', view: linkView(choice, linked, caller, url, roles === undefined ? toLookAt(asked) : []) };
    },
  };
}

/** Offers what the roles allow, where they are known. */
function askView(all: readonly Feature[], linked: readonly Feature[], roles: readonly string[] | undefined, personId: string): View {
  const features = roles === undefined ? all : all.filter((feature) => allows(feature, roles));
  if (features.length === 0) throw new CallerMistake({ code: 'ROLE_MISSING', message: 'None of your roles in Webex lets Steward do anything for you. A full administrator can give you one in Control Hub.' });
  const left = all.filter((feature) => !features.includes(feature)).map(({ title }) => title);
  const note = roles === undefined ? 'If your role lets you only look, choose only what says that nothing can be changed: Webex may refuse the whole link otherwise.'
    : left.length > 0 ? `Not offered, since your roles do not allow it: ${left.join('; ')}.` : '';
  return {
    audience: 'private',
    markdown: [
      '**What shall Steward be able to do for you?** It asks Webex for just what that needs.',
      ...features.map(({ name, title, gives }) => `- **${name}**: ${markdown(title)} (${markdown(gives)})`),
      ...(note === '' ? [] : [markdown(note, 500)]),
      `Write for example: account link for=${features[0]?.name ?? 'look'}`,
    ].join('\n'),
    card: {
      template: 'accounts/link-for',
      data: { note, choices: features.map(({ name, title, gives }) => ({ title: `${title}: ${gives}`, value: name })), chosen: commaNames(linked.length > 0 ? linked : features.slice(0, 1)) },
      buttons: [{ title: 'Next', command: 'account link', arguments: {}, only: personId, style: 'positive' }],
    },
  };
}

/** A new grant takes the place of the old one, whole: what it leaves out ends. `instead`: what to link for when the roles allow to look only. */
function linkView({ features, notes }: Choice, linked: readonly Feature[], caller: { email: string; personId: string }, url: string, instead: readonly Feature[]): View {
  const scopes = scopesFor(features);
  const ends = linked.filter((feature) => !feature.scopes.every(({ scope }) => scopes.some((asked) => asked.scope === scope)));
  const besides = [
    ...notes,
    ...(ends.length > 0 ? [`This takes the place of what is linked now, so this ends: ${ends.map(({ title }) => title).join(', ')}. To keep it: account link for=${commaNames([...ends, ...features])}`] : []),
    ...new Set(features.flatMap((feature) => feature.besides ?? [])),
    ...(instead.length > 0 ? [`If your role lets you only look: account link for=${commaNames(instead)}`] : []),
  ];
  const title = `Link ${caller.email}`;
  const note = 'The link is for you alone, works once, and for 10 minutes. Sign in to Webex as yourself. Do not pass it on.';
  const look: Button = { title: 'Only to look', command: 'account link', arguments: { for: commaNames(instead) }, only: caller.personId };
  return {
    audience: 'private',
    markdown: [
      `**${markdown(title)}**: [open this page](${url})`, note, 'Steward will ask for:',
      ...scopes.map(({ scope, reason }) => `- ${reason} (${markdown(scope)})`), ...besides.map((line) => markdown(line, 500)),
    ].join('\n'),
    card: { template: 'accounts/link', data: { title, url, note, scopes, besides }, ...(instead.length > 0 ? { buttons: [look] } : {}) },
  };
}

function commaNames(features: readonly Feature[]): string {
  return features.map(({ name }) => name).join(',');
}
