import { orgOption, type Report } from '../../bot/define.js';
import { count, plain } from '../../lib/text.js';
import { timeIn } from '../../schedules/when.js';
import { unitsText } from '../../webex/license-units.js';
import * as licenses from '../../webex/rest/licenses.js';
import { ROLES } from '../../webex/roles.js';
import { usageOf, usageSummary } from './license-usage.js';
import { reportView } from './present.js';

/** More bars make a picture that is taller than a screen. */
const MOST_BARS = 15;

/** How many of each license are used and left, with a chart. */
export const licensesReport: Report = {
  name: 'licenses',
  title: 'License usage',
  summary: 'How many of each license are used and left, with a chart; what is nearly used up is marked',
  access: { linked: true, scopes: ['spark-admin:licenses_read'], roles: [ROLES.full, ROLES.users, ROLES.readOnly] },
  make: async (context) => {
    const usage = usageOf(await licenses.list(context.webex, orgOption(context)));
    const summary = usageSummary(usage);
    if (usage.length === 0) return reportView(context, { title: 'License usage', summary, sections: [] });
    const shown = usage.slice(0, MOST_BARS);
    // What draws is large, so the start does not wait for it.
    const { drawBars } = await import('../../cards/chart.js');
    const chart = await drawBars({
      title: `License usage of ${plain(context.organization.name, 40)}`,
      subtitle: `${timeIn(context.clock.iso(), 'UTC')} UTC · ${shown.length < usage.length ? `the fullest ${shown.length} of ${count(usage.length, 'license')}` : summary}`,
      bars: shown.map((one) => ({ name: one.name, numbers: unitsText(one), share: one.share, isMarked: one.isLow })),
    });
    return reportView(context, {
      title: 'License usage', summary,
      sections: [{ heading: '', rows: usage.map((one) => ({ name: one.name, value: unitsText(one), isMarked: one.isLow })) }],
      files: [{ name: 'license-usage.png', content: chart, inline: true }],
    });
  },
};
