import type { Command } from '../../../bot/define.js';
import { DELEGATES_ACCESS } from '../arguments.js';

/** `delegates` alone: what can be done, as buttons that open the forms. */
export const delegates: Command = {
  noun: 'delegates',
  verb: '',
  summary: 'Scheduling permissions: who may schedule meetings for whom',
  examples: ['delegates'],
  arguments: [],
  access: DELEGATES_ACCESS,
  plans: false,
  run: (context) =>
    Promise.resolve({
      kind: 'view',
      view: {
        audience: 'open',
        markdown:
          'A delegate may schedule meetings on behalf of a host. Say for example `delegates add amy@example.com for=cara@example.com`, `delegates list cara@example.com`, or attach a CSV with the header `host,delegate` to `delegates import`.',
        card: {
          template: 'delegates/home',
          data: { organization: context.organization.name },
          buttons: [
            { title: 'Add delegates', command: 'delegates add', arguments: {} },
            { title: 'Replace delegates', command: 'delegates set', arguments: {} },
            { title: 'Remove delegates', command: 'delegates remove', arguments: {} },
            { title: 'Who may schedule for…', command: 'delegates list', arguments: {} },
            { title: 'Copy delegates', command: 'delegates copy', arguments: {} },
          ],
        },
      },
    }),
};
