/** A script did not answer as it should: somebody else's, or another version of it. */
export class ReplyFormatError extends Error {
  readonly name = 'ReplyFormatError';
}

/**
 * Reads what a script returned: words and whole numbers with blanks between them, `-1` standing for `null`.
 *
 * One text, because a client may round the integers of the protocol on their way (ioredis 6 does, within some dozens of 2⁵³).
 */
export class Reply {
  readonly #words: readonly string[];
  #at = 0;

  constructor(value: unknown) {
    if (typeof value !== 'string') {
      throw new ReplyFormatError(
        `Not what the scripts return: ${typeof value}`,
      );
    }
    this.#words = value === '' ? [] : value.split(' ');
  }

  get ended(): boolean {
    return this.#at >= this.#words.length;
  }

  word(): string {
    const word = this.#words[this.#at];
    if (word === undefined) {
      throw new ReplyFormatError('A script returned less than it should');
    }
    this.#at += 1;
    return word;
  }

  number(): number {
    const word = this.word();
    const value = Number(word);
    if (!Number.isSafeInteger(value)) {
      throw new ReplyFormatError(
        `A script returned '${word}' for a whole number`,
      );
    }
    return value;
  }

  nullable(): number | null {
    const value = this.number();
    return value === -1 ? null : value;
  }
}
