import type { Command } from '../../../bot/define.js';
import { READ_ACCESS } from '../access.js';
import { openCatalog } from '../catalog.js';
import { usageView } from '../usage.js';

/** `licenses`: how many of each license there are, are used and are left. */
export const licenses: Command = {
  noun: 'licenses', verb: '',
  summary: 'Show how many of each license are used and left, with a chart; what is nearly used up is marked',
  examples: ['licenses'],
  arguments: [], access: READ_ACCESS, plans: false,
  run: async (context) => ({ kind: 'view', view: await usageView(context, (await openCatalog(context)).all) }),
};
