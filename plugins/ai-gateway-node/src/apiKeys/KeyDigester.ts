import { HmacSha256 } from './HmacSha256';
import { PresentedKey } from './PresentedKey';

/** A secret that digests are made under. It lives outside the database. @public */
export interface Pepper {
  readonly version: number;
  readonly secret: string;
}

/** A digest of a whole API key and the pepper it was made under. @public */
export interface KeyDigest {
  readonly pepperVersion: number;
  /** 32 bytes of HMAC-SHA-256. */
  readonly digest: Buffer;
}

/**
 * Makes the digests under which API keys are stored and found.
 *
 * A key holds 256 random bits, so that a fast keyed hash is as good as a slow one, and finding a row by its digest leaks nothing: to
 * steer the comparison one would have to know the pepper.
 *
 * @public
 */
export class KeyDigester {
  readonly #newest: number;
  /** Made ready once, newest first. */
  readonly #peppers: readonly HmacSha256[];

  /**
   * @param peppers - newest first; older ones are kept for as long as digests made under them are live
   * @throws RangeError when there is none, one is short, or a version stands twice
   */
  static create(peppers: readonly Pepper[]): KeyDigester {
    if (peppers.length === 0) {
      throw new RangeError('At least one pepper is needed to digest API keys');
    }
    const short = peppers.find(pepper => pepper.secret.length < 32);
    if (short) {
      throw new RangeError(
        `Pepper ${short.version} is shorter than 32 characters; make one with: openssl rand -hex 32`,
      );
    }
    if (new Set(peppers.map(p => p.version)).size !== peppers.length) {
      throw new RangeError('Two peppers have the same version');
    }
    return new KeyDigester(peppers);
  }

  private constructor(peppers: readonly Pepper[]) {
    this.#newest = peppers[0].version;
    this.#peppers = peppers.map(({ secret }) => new HmacSha256(secret));
  }

  /** The digest to store for a new key: under the newest pepper. */
  digest(apiKey: string): KeyDigest {
    const [newest] = this.#peppers;
    return {
      pepperVersion: this.#newest,
      digest: Buffer.from(newest.digest(apiKey), 'hex'),
    };
  }

  /** A key that somebody presents, to be looked up by its digests. */
  present(apiKey: string): PresentedKey {
    return new PresentedKey(apiKey, this.#peppers);
  }
}
