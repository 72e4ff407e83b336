import { createHash } from 'node:crypto';

/**
 * The signature of a thinking block. It stands for the provider's: a client must send it back unchanged, and one
 * that does not fit its text is refused. It proves nothing.
 */
export function signatureOf(thinking: string): string {
  return createHash('sha512')
    .update('provider-simulator')
    .update(thinking)
    .digest('base64');
}
