import { roomFor, writeRecord } from './record';

const FIRST_BYTES = 16 * 1024;
/** What was made for a crowd is not kept for ever. */
const KEPT_BYTES = 1024 * 1024;

/** Records, one behind the other, in memory that grows and is used again. */
export class RecordBuffer {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  /** Only the first {@link RecordBuffer.length} of them count. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError when the payload is too large for a record; then nothing has been added */
  add(payload: string): void {
    const needed = this.#length + roomFor(payload);
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length = writeRecord(this.#bytes, this.#length, payload);
  }

  clear(): void {
    this.#length = 0;
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
