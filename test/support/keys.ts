import type { TokenKey } from '../../src/store/vault.js';

/** `<id>:<base64>`, more of them after commas, as the configuration hands them over. */
export function keysOf(text: string): TokenKey[] {
  return text.split(',').map((one) => {
    const [id = '', base64 = ''] = one.split(':');
    return { id, secret: Buffer.from(base64, 'base64') };
  });
}
