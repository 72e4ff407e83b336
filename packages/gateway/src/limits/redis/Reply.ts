import { NONE } from './codes';

/** The script did not answer as it should: somebody else's, or another version of it. */
export class ReplyFormatError extends Error {
  readonly name = 'ReplyFormatError';
}

/** Reads what the script told: whole numbers in a row, as doubles of eight bytes, `-1` standing for `null`. */
export class Reply {
  readonly #bytes: DataView;
  #at = 0;

  constructor(value: unknown) {
    if (!Buffer.isBuffer(value) || value.length % 8 !== 0) {
      throw new ReplyFormatError(
        `Not what the script returns: ${typeof value}`,
      );
    }
    this.#bytes = new DataView(value.buffer, value.byteOffset, value.length);
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.byteLength;
  }

  number(): number {
    if (this.ended) {
      throw new ReplyFormatError('The script returned less than it should');
    }
    const value = this.#bytes.getFloat64(this.#at, true);
    this.#at += 8;
    if (!Number.isSafeInteger(value)) {
      throw new ReplyFormatError(
        `The script returned ${value} for a whole number`,
      );
    }
    return value;
  }

  nullable(): number | null {
    const value = this.number();
    return value === NONE ? null : value;
  }
}
