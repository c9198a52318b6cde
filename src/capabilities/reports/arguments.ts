import type { Argument, Report } from '../../bot/define.js';

/** Which report. Its choices are asked for when they are needed: reports of other capabilities come later. */
export function reportArgument(reports: () => readonly Report[]): Argument {
  return {
    name: 'report', kind: 'choice', label: 'Report', required: true, positional: true, help: 'which report; “reports” lists them',
    get choices() {
      return reports().map(({ title, name }) => ({ title, value: name }));
    },
  };
}
