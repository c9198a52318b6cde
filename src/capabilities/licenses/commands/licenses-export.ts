import type { Command } from '../../../bot/define.js';
import { format } from '../../../lib/csv.js';
import { count } from '../../../lib/text.js';
import type { Units } from '../../../webex/license-units.js';
import { READ_ACCESS } from '../access.js';
import { openCatalog } from '../catalog.js';
import type { Known } from '../define.js';
import { kindText, usageOf } from '../usage.js';

const HEADER = ['id', 'name', 'kind', 'site', 'siteType', 'subscription', 'total', 'used', 'usedByUsers', 'usedByWorkspaces', 'left', 'low'];

/** `licenses export`: all licenses as a CSV file. */
export const licensesExport: Command = {
  noun: 'licenses', verb: 'export',
  summary: 'Write all licenses with their use to a CSV file',
  examples: ['licenses export'],
  arguments: [], access: READ_ACCESS, plans: false,
  run: async (context) => {
    const usage = usageOf((await openCatalog(context)).all);
    return {
      kind: 'view',
      view: {
        audience: 'private', markdown: `${count(usage.length, 'license')} of the organization, the fullest first.`,
        files: [{ name: 'licenses.csv', content: format(HEADER, usage.map(({ known, units }) => [...nameCells(known), ...countCells(known, units), units.isLow ? 'yes' : 'no'])) }],
      },
    };
  },
};

function nameCells({ license, kind }: Known): string[] {
  return [license.id, license.name, kindText({ kind }), license.siteUrl ?? '', license.siteType ?? '', license.subscriptionId ?? ''];
}

/** What Webex does not tell stays empty; an unlimited one says so. */
function countCells({ license, left }: Known, { total, isUnlimited, used }: Units): string[] {
  const text = (n: number | undefined): string => (n === undefined ? '' : String(n));
  return [isUnlimited ? 'unlimited' : text(total), ...[used, license.consumedByUsers, license.consumedByWorkspaces, left].map(text)];
}
