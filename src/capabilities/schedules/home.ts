import type { Context } from '../../bot/define.js';
import { timeIn } from '../../schedules/when.js';

const LINES = 3;

/** The block of the home card: what cannot run and why, then what runs next. Foreign text as it is. */
export async function schedulesHome({ schedules }: Context): Promise<{ title: string; lines: string[] } | undefined> {
  const all = await schedules.list();
  const stuck = all.filter(({ state }) => state === 'suspended').map(({ id, title, reason = '' }) => `Cannot run: ${title} (${id}). ${reason}`);
  const next = all.flatMap(({ state, title, nextDue, tz }) => (state === 'active' && nextDue !== undefined ? [`${timeIn(nextDue, tz)} (${tz}): ${title}`] : []));
  const lines = [...stuck, ...next];
  if (lines.length === 0) return undefined;
  return { title: 'Next at set times', lines: lines.length > LINES ? [...lines.slice(0, LINES), `and ${lines.length - LINES} more: schedules`] : lines };
}
