import { GrowingMemory } from '../GrowingMemory';
import { roomFor, writeRecord } from './record';

/** Records, one behind the other. */
export class RecordBuffer {
  readonly #memory = new GrowingMemory({
    firstBytes: 16 * 1024,
    keptBytes: 1024 * 1024,
  });
  #length = 0;

  /** Only the first {@link RecordBuffer.length} of them count. */
  get bytes(): Buffer {
    return this.#memory.bytes;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError when the payload is too large for a record; then nothing has been added */
  add(payload: string): void {
    const bytes = this.#memory.withRoom(
      this.#length + roomFor(payload),
      this.#length,
    );
    this.#length = writeRecord(bytes, this.#length, payload);
  }

  clear(): void {
    this.#length = 0;
    this.#memory.clear();
  }
}
