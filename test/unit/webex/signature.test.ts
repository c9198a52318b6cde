import { createHmac } from 'node:crypto';
import { verify } from '../../../src/webex/signature.js';

const SECRET = 'a secret of the webhook';
const body = Buffer.from('{ "id":"1",  "name":"Zo\\u00eb" }');
const sign = (bytes: Buffer, secret = SECRET, algorithm = 'sha1') => createHmac(algorithm, secret).update(bytes).digest('hex');

describe('the signature of a webhook', () => {
  it('trap 1: is over the bytes as they came, not over JSON that was parsed and written again', () => {
    expect(verify(body, { 'x-spark-signature': sign(body) }, SECRET)).toEqual({ ok: true });
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(verify(body, { 'x-spark-signature': sign(rewritten) }, SECRET)).toEqual({ ok: false, reason: 'wrong signature' });
  });

  it('may be written in capitals', () => {
    expect(verify(body, { 'x-spark-signature': sign(body).toUpperCase() }, SECRET).ok).toBe(true);
  });

  it('trap 1: that is missing, empty, doubled, cut, of another body, secret or algorithm is refused', () => {
    const good = sign(body);
    const cases: [Record<string, string | string[] | undefined>, string][] = [
      [{}, 'no signature'], [{ 'x-spark-signature': '' }, 'no signature'], [{ 'x-spark-signature': undefined }, 'no signature'],
      [{ 'x-spark-signature': [good, good] }, 'several signatures'], [{ 'x-other': good }, 'no signature'],
      ...[good.slice(1), `${good}0`, `${good.slice(0, -1)}g`, sign(Buffer.from('x')), sign(body, 'other'), sign(body, SECRET, 'sha256'), `sha1=${good}`]
        .map((text): [Record<string, string>, string] => [{ 'x-spark-signature': text }, 'wrong signature']),
    ];
    for (const [headers, reason] of cases) expect(verify(body, headers, SECRET)).toEqual({ ok: false, reason });
  });

  it('is refused when there is no secret, also one made without a secret', () => {
    expect(verify(body, { 'x-spark-signature': sign(body, '') }, '')).toEqual({ ok: false, reason: 'no secret' });
  });

  it('covers an empty body and any bytes', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from([0, 255, 128])]) expect(verify(bytes, { 'x-spark-signature': sign(bytes) }, SECRET).ok).toBe(true);
  });
});
