import { GrowingMemory } from './GrowingMemory';

const OPEN = '{'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const CLOSE = '}'.charCodeAt(0);

/** Rows on their way to the ledger, put together as the array that it takes. */
export class RowBatch {
  /** The rows, each behind a brace or a comma. */
  readonly #memory = new GrowingMemory({
    firstBytes: 64 * 1024,
    keptBytes: 2 * 1024 * 1024,
  });
  #length = 0;
  /** Where rows begin. */
  readonly #starts: number[] = [];

  get size(): number {
    return this.#starts.length;
  }

  add(row: Buffer): void {
    const at = this.#length;
    // And a brace behind it.
    const bytes = this.#memory.withRoom(at + row.length + 2, at);
    bytes[at] = at === 0 ? OPEN : COMMA;
    this.#starts.push(at + 1);
    row.copy(bytes, at + 1);
    this.#length += row.length + 1;
  }

  /** All rows, as an array literal; good until the next is added. */
  literal(): Buffer {
    const { bytes } = this.#memory;
    bytes[this.#length] = CLOSE;
    return bytes.subarray(0, this.#length + 1);
  }

  /** One row. */
  row(index: number): Buffer {
    return this.#memory.bytes.subarray(
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
    this.#memory.clear();
  }
}
