import { CallerMistake } from '../../../src/lib/errors.js';
import { createLog } from '../../../src/lib/log.js';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } }));
  return lines.join('');
}

it('shows no token, wherever it stands, and none that was registered', () => {
  const text = logged((log) => {
    log.hide('hunter2-hunter2');
    log.info({ url: 'https://steward.test/oauth/callback?code=NzQ4ZmI1YjktY2I&state=x', header: 'Bearer YWJjZGVmZ2hpamts', other: 'authorization: bearer YWJjZGVmZ2hpamts' }, 'a request');
    log.info({ body: { access_token: 'ZDI3MGEyYzQtNmFlNS00', refresh_token: 'MDEyMzQ1Njc4OTAxMjM0', code: 'NzQ4ZmI1YjktY2I' }, mine: 'x hunter2-hunter2 y' }, 'an answer');
  });
  for (const secret of ['NzQ4ZmI1', 'YWJjZGVm', 'ZDI3MGEy', 'MDEyMzQ1', 'hunter2']) expect(text).not.toContain(secret);
});

it('shows the codes of errors, by which they are found', () => {
  const text = logged((log) => { log.error({ error: new CallerMistake({ code: 'NOT_LINKED', message: 'Link it.' }) }, 'a command failed'); });
  expect(JSON.parse(text).error).toMatchObject({ name: 'CallerMistake', code: 'NOT_LINKED', message: 'Link it.' });
});
