import { END_JOB, type Schedule } from '../../schedules/define.js';

/** Which change a schedule of END_JOB takes back. Empty where its input is not ours. */
export function planOf({ input }: Pick<Schedule, 'input'>): string {
  const { plan } = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  return typeof plan === 'string' ? plan : '';
}

/** The change of a schedule of END_JOB in words, foreign text already cleaned. */
export function changeTitleOf({ input, title }: Pick<Schedule, 'input' | 'title'>): string {
  const { title: said } = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  return typeof said === 'string' ? said : title;
}

export function isEnd({ job }: Pick<Schedule, 'job'>): boolean {
  return job === END_JOB;
}
