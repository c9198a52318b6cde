import type { Account } from '../../accounts/define.js';
import { allows } from '../../accounts/looking.js';
import { offered, type Feature } from '../../accounts/scopes.js';
import type { Button } from '../../bot/define.js';
import { sentenceList } from '../../lib/text.js';

/** What an account can do: plain sentences. */
export interface Abilities {
  works: string[];
  /** Where what works begins. */
  opens: Pick<Button, 'title' | 'command'>[];
  /** What Webex asks for besides. */
  besides: string[];
  /** What lacks a role, and who can help. */
  lacks: string[];
  /** What it was not linked for. */
  more: string[];
}

/** What an account can do now, what not, and who can help. Who may only look is told by which commands, and what it takes to change something. */
export function abilities(account: Pick<Account, 'scopes'>, roles: readonly string[], areas: readonly string[]): Abilities {
  const features = offered(areas);
  const isLinked = (feature: Feature): boolean => feature.scopes.every(({ scope }) => account.scopes.includes(scope));
  const working: Feature[] = [];
  const lacking = new Map<string, string[]>();
  const more: string[] = [];
  const worksToLook = (feature: Feature): boolean => features.some((one) => one.name === feature.looking && allows(one, roles) && isLinked(one));
  for (const feature of features) {
    const wider = features.find(({ looking }) => looking === feature.name);
    if (!allows(feature, roles)) {
      // Said where it is told what works; and what is to be looked at lacks nothing that the whole does not.
      if (worksToLook(feature) || wider !== undefined) continue;
      const needed = oneOf(feature.roles);
      lacking.set(needed, [...(lacking.get(needed) ?? []), feature.title]);
    } else if (wider !== undefined && allows(wider, roles) && isLinked(wider) === isLinked(feature)) {
      // Who can change something is not told that he can look, nor that he could be linked to look only.
    } else if (isLinked(feature)) {
      if (feature.name !== 'look' || working.length === 0) working.push(feature);
    } else {
      more.push(feature.title);
    }
  }
  return {
    works: working.map((feature) => workSentence(feature, features.find(({ looking }) => looking === feature.name), roles)),
    opens: [...new Map(working.flatMap(({ opens }) => opens ?? []).map((one) => [one.command, one])).values()],
    besides: [...new Set(working.flatMap(({ besides }) => besides ?? []))],
    lacks: [...lacking].map(([needed, titles]) => `${titles.join('; ')}: you need the role ${needed}, which a full administrator of your organization can give you in Control Hub.`),
    more: more.length === 0 ? [] : [`You can also link for: ${more.join('; ')}.`],
  };
}

/** `Full Administrator or User Administrator`. */
export function oneOf(roles: readonly string[]): string {
  return roles.length < 2 ? (roles[0] ?? '') : `${roles.slice(0, -1).join(', ')} or ${roles.at(-1) ?? ''}`;
}

function workSentence({ title, gives, commands }: Feature, wider: Feature | undefined, roles: readonly string[]): string {
  return [
    `${title}: ${gives}.`,
    ...(commands === undefined ? [] : [`You can write: ${sentenceList(commands)}.`]),
    ...(wider === undefined || allows(wider, roles) ? [] : [`To change something you need the role ${oneOf(wider.roles)}.`]),
  ].join(' ');
}
