import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * HMAC-SHA-256 (RFC 2104) under one key: `H(key ⊕ outer pad, H(key ⊕ inner pad, message))`.
 *
 * The same as `createHmac`, by two one-shot hashes over buffers that are there already. Each object of `createHmac` has a native part that
 * the garbage collector has to see to, which costs several times what is hashed here; and a digest is made for every request.
 */
export class HmacSha256 {
  /** The padded key, and behind it room for what is hashed with it. */
  #inner: Buffer;
  readonly #outer: Buffer;

  constructor(secret: string) {
    const bytes = Buffer.from(secret, 'utf8');
    const key = Buffer.alloc(BLOCK_BYTES);
    (bytes.length > BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes).copy(
      key,
    );
    this.#inner = Buffer.from(key.map(byte => byte ^ INNER_PAD));
    this.#outer = Buffer.concat([
      key.map(byte => byte ^ OUTER_PAD),
      Buffer.alloc(DIGEST_BYTES),
    ]);
  }

  /** The digest of a text in UTF-8, in hexadecimal. */
  digest(message: string): string {
    this.#put(message);
    const digest = hash('sha256', this.#inner, 'binary');
    this.#outer.write(digest, BLOCK_BYTES, 'latin1');
    return hash('sha256', this.#outer, 'hex');
  }

  /** Messages are nearly always of one length: that of an API key. */
  #put(message: string): void {
    const length = BLOCK_BYTES + Buffer.byteLength(message);
    if (this.#inner.length !== length) {
      const resized = Buffer.alloc(length);
      this.#inner.copy(resized, 0, 0, BLOCK_BYTES);
      this.#inner = resized;
    }
    this.#inner.write(message, BLOCK_BYTES, 'utf8');
  }
}
