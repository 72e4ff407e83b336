import type { HmacSha256 } from './HmacSha256';

/**
 * An API key as it was presented, with its digests: each is made when it is first needed, and not again as long as this is kept.
 *
 * Holds the key itself, and so is to be kept no longer than what it came by: a request, or a connection.
 *
 * @public
 */
export class PresentedKey {
  readonly #apiKey: string;
  /** Newest pepper first. */
  readonly #peppers: readonly HmacSha256[];
  readonly #digests: string[] = [];

  /** @internal */
  constructor(apiKey: string, peppers: readonly HmacSha256[]) {
    this.#apiKey = apiKey;
    this.#peppers = peppers;
  }

  /** Whether a text is this key. That takes as long whatever of it differs, since what is shared may be a proxy's connection. */
  is(text: string): boolean {
    const apiKey = this.#apiKey;
    if (text.length !== apiKey.length) return false;
    // Without a branch, which would take a time of its own.
    let difference = 0;
    for (let at = 0; at < apiKey.length; at++) {
      difference |= apiKey.charCodeAt(at) ^ text.charCodeAt(at);
    }
    return difference === 0;
  }

  /**
   * Looks it up by its digests: under each pepper, newest first, until one is known. The first is mostly the only one that has to be made.
   *
   * @param lookUp - what is known by a digest, in hexadecimal; `undefined` if nothing is
   */
  find<T>(lookUp: (digest: string) => T | undefined): T | undefined {
    for (let at = 0; at < this.#peppers.length; at++) {
      this.#digests[at] ??= this.#peppers[at].digest(this.#apiKey);
      const found = lookUp(this.#digests[at]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
