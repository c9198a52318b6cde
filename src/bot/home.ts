import { messageOf } from '../lib/errors.js';
import { markdown } from '../lib/text.js';
import type { Button, Command } from './define.js';
import type { HomeProvider } from './ports.js';

/** `menu`, and a greeting in 1:1: the home card. What it says comes from `providers`; one that fails is left out. */
export function homeCommand(home: { providers: readonly HomeProvider[]; buttons: readonly Button[] }): Command {
  return {
    noun: 'menu', verb: '', summary: 'Show the home card', examples: ['menu'], arguments: [],
    access: { linked: false, scopes: [], roles: [] }, plans: false,
    run: async (context) => {
      const blocks = await Promise.all(home.providers.map(async (provider) => {
        try {
          return await provider(context);
        } catch (error) {
          context.log.warn({ error: messageOf(error) }, 'a part of the home card is missing');
          return undefined;
        }
      }));
      const said = blocks.flatMap((block) => (block === undefined || block.lines.length === 0 ? [] : [block]));
      const shown = said.map(({ title, lines }) => ({ title, lines }));
      const own = said.flatMap(({ buttons = [] }) => buttons);
      const first = own.filter(({ style }) => style === 'positive');
      const buttons = [...first, ...home.buttons, ...own.filter((button) => !first.includes(button))];
      const { displayName } = context.caller;
      return {
        kind: 'view',
        view: {
          audience: 'private',
          markdown: [`**Hello ${markdown(displayName)}**`, ...shown.flatMap(({ title, lines }) => [`**${markdown(title)}**`, ...lines.map((line) => `- ${markdown(line, 500)}`)]), 'Write `help` to see what you can ask for.'].join('\n\n'),
          card: { template: 'bot/home', data: { name: displayName, organization: context.organization.name, blocks: shown }, buttons },
        },
      };
    },
  };
}
