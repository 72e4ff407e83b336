const OPEN = '{'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);
const FIRST_BYTES = 64 * 1024;
/** What was made for a crowd is not kept for ever. */
const KEPT_BYTES = 2 * 1024 * 1024;

/** Rows on their way to the ledger, put together as the array that it takes. The memory is used again by the next ones. */
export class RowBatch {
  /** The rows, each behind a brace or a comma. */
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  /** Where rows begin. */
  readonly #starts: number[] = [];

  get size(): number {
    return this.#starts.length;
  }

  add(row: Buffer): void {
    // And a brace behind it.
    const needed = this.#length + row.length + 2;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#bytes[this.#length] = this.#length === 0 ? OPEN : COMMA;
    this.#starts.push(this.#length + 1);
    row.copy(this.#bytes, this.#length + 1);
    this.#length += row.length + 1;
  }

  /** All rows, as an array literal; good until the next is added. */
  literal(): Buffer {
    this.#bytes[this.#length] = CLOSE;
    return this.#bytes.subarray(0, this.#length + 1);
  }

  /** One row. */
  row(index: number): Buffer {
    return this.#bytes.subarray(
      this.#starts[index],
      index + 1 < this.size ? this.#starts[index + 1] - 1 : this.#length,
    );
  }

  /** Some of the rows, from one up to another, as a batch of their own. */
  part(from: number, to: number): RowBatch {
    const part = new RowBatch();
    for (let i = from; i < to; i++) part.add(this.row(i));
    return part;
  }

  clear(): void {
    this.#length = 0;
    this.#starts.length = 0;
    if (this.#bytes.length > KEPT_BYTES) {
      this.#bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
    }
  }

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(
      Math.max(needed, 2 * this.#bytes.length),
    );
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
