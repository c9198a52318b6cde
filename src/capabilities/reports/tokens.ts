import type { Report } from '../../bot/define.js';
import { count, plain } from '../../lib/text.js';
import { ROLES } from '../../webex/roles.js';
import type { ReportedAccount, ReportSources } from './ports.js';
import { reportView } from './present.js';

const DAY_MS = 24 * 60 * 60_000;
/** A grant that ends sooner is one that Webex does not prolong, or that could not be refreshed. */
const SOON_DAYS = 14;

/** Whose accounts are linked, whose must be linked again, and whose grants end. */
export function tokensReport(parts: Pick<ReportSources, 'accounts'>): Report {
  return {
    name: 'tokens',
    title: 'Linked accounts',
    summary: 'Whose accounts are linked, whose must be linked again, and whose grants end soon',
    access: { linked: true, scopes: [], roles: [ROLES.full, ROLES.readOnly] },
    make: async (context) => {
      const now = context.clock.now();
      const accounts = [...(await parts.accounts(context.organization.id))].sort((a, b) => urgency(a, now) - urgency(b, now) || a.displayName.localeCompare(b.displayName));
      const troubled = accounts.filter((account) => isTroubled(account, now)).length;
      return reportView(context, {
        title: 'Linked accounts',
        summary: accounts.length === 0 ? 'No account is linked.' : `${count(accounts.length, 'linked account')}, ${troubled === 0 ? 'all of them work' : `${troubled.toLocaleString('en-US')} to look at`}.`,
        sections: [{
          heading: '',
          rows: accounts.map((account) => ({ name: `${plain(account.displayName)} (${plain(account.email)})`, value: health(account, now), isMarked: isTroubled(account, now) })),
        }],
      });
    },
  };
}

/** Days until the grant ends: the least first. */
function urgency({ state, refreshEnds }: ReportedAccount, now: number): number {
  return state === 'relink' ? -Infinity : refreshEnds === undefined ? Number.MAX_SAFE_INTEGER : (refreshEnds - now) / DAY_MS;
}

function isTroubled(account: ReportedAccount, now: number): boolean {
  return urgency(account, now) <= SOON_DAYS;
}

function health(account: ReportedAccount, now: number): string {
  const linked = `linked on ${account.linkedAt.slice(0, 10)}`;
  if (account.state === 'relink') return `${linked}; Webex no longer takes the grant: link again with account link`;
  if (account.refreshEnds === undefined) return `${linked}; works, and Webex does not say until when`;
  const days = Math.max(0, Math.floor(urgency(account, now)));
  const left = days > SOON_DAYS ? `works; ${count(days, 'day')} left, and it is renewed by itself` : `ends in ${count(days, 'day')}: link again with account link`;
  return `${linked}; ${left}`;
}
