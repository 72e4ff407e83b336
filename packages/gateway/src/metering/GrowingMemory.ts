/** Memory for bytes that are put together anew again and again: it grows with what is put there, and is used again by what comes next. */
export class GrowingMemory {
  readonly #firstBytes: number;
  readonly #keptBytes: number;
  #bytes: Buffer;

  /** @param options - `keptBytes`: what is more was made for a crowd, and is not kept for ever */
  constructor(options: {
    readonly firstBytes: number;
    readonly keptBytes: number;
  }) {
    this.#firstBytes = options.firstBytes;
    this.#keptBytes = options.keptBytes;
    this.#bytes = Buffer.allocUnsafeSlow(options.firstBytes);
  }

  /** Another buffer once it has grown. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /**
   * Makes room for so many bytes altogether.
   *
   * @param used - how many of them are to stay as they are, from the first on
   * @returns the bytes
   */
  withRoom(needed: number, used: number): Buffer {
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.max(needed, 2 * this.#bytes.length),
      );
      this.#bytes.copy(grown, 0, 0, used);
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  /** Nothing in it is needed any more. */
  clear(): void {
    if (this.#bytes.length > this.#keptBytes) {
      this.#bytes = Buffer.allocUnsafeSlow(this.#firstBytes);
    }
  }
}
