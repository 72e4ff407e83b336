import type { RequestLog } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** How much may be in memory: records that wait and records that are on their way. */
export interface QueueBounds {
  readonly maxRecords: number;
  /** As {@link sizeOf} counts them. */
  readonly maxBytes: number;
}

interface Entry {
  readonly log: RequestLog;
  readonly bytes: number;
  readonly addedAt: number;
}

/** Records on their way to the store. */
export type Batch = readonly Entry[];

/** What a record without its texts comes to, generously. */
const RECORD_BYTES = 1_024;

/** The most memory that a record takes: a character of JavaScript is up to two bytes. Nothing is scanned, so that it costs nothing. */
export function sizeOf(log: RequestLog): number {
  const characters =
    (log.requestBody?.text?.length ?? 0) +
    (log.responseBody?.text?.length ?? 0) +
    (log.clientAgent?.length ?? 0);
  return RECORD_BYTES + 2 * characters;
}

/**
 * Records in the order in which they came, within bounds. What comes when it is full pushes out the oldest that wait: the newest tell
 * most of what is going on. Records on their way are not pushed out, and count.
 *
 * Pure: no clock, no I/O.
 */
export class RequestLogQueue {
  readonly #bounds: QueueBounds;
  /** Those that wait, from `#head` on; what is before is cut off now and then, so that taking one is not moving all. */
  #waiting: Entry[] = [];
  #head = 0;
  #waitingBytes = 0;
  #takenRecords = 0;
  #takenBytes = 0;

  static create(bounds: QueueBounds): RequestLogQueue {
    return new RequestLogQueue(bounds);
  }

  private constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  /** All records: those that wait and those on their way. */
  get records(): number {
    return this.waitingRecords + this.#takenRecords;
  }

  get bytes(): number {
    return this.#waitingBytes + this.#takenBytes;
  }

  get waitingRecords(): number {
    return this.#waiting.length - this.#head;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** When the oldest that waits came. */
  get oldestAddedAt(): number | undefined {
    return this.#waiting[this.#head]?.addedAt;
  }

  /** @returns how many records were dropped: older ones, or this one if it alone is too large */
  push(log: RequestLog, addedAt: number): number {
    const entry = { log, bytes: sizeOf(log), addedAt };
    const { maxRecords, maxBytes } = this.#bounds;
    if (
      this.#takenRecords + 1 > maxRecords ||
      this.#takenBytes + entry.bytes > maxBytes
    ) {
      return 1;
    }
    let dropped = 0;
    while (
      this.records + 1 > maxRecords ||
      this.bytes + entry.bytes > maxBytes
    ) {
      this.#shift();
      dropped++;
    }
    this.#waiting.push(entry);
    this.#waitingBytes += entry.bytes;
    return dropped;
  }

  /** Takes the oldest: at least one, if there is one, and no more than either bound. */
  take(maxRecords: number, maxBytes: number): Batch {
    const batch: Entry[] = [];
    let bytes = 0;
    while (this.waitingRecords > 0 && batch.length < maxRecords) {
      const next = this.#waiting[this.#head];
      if (batch.length > 0 && bytes + next.bytes > maxBytes) break;
      batch.push(this.#shift());
      bytes += next.bytes;
    }
    this.#takenRecords += batch.length;
    this.#takenBytes += bytes;
    return batch;
  }

  /** A batch has arrived, or been given up. */
  release(batch: Batch): void {
    this.#takenRecords -= batch.length;
    this.#takenBytes -= bytesOf(batch);
  }

  /** A batch has not arrived: its records wait again, before all others. */
  putBack(batch: Batch): void {
    this.release(batch);
    this.#waiting = [...batch, ...this.#waiting.slice(this.#head)];
    this.#head = 0;
    this.#waitingBytes += bytesOf(batch);
  }

  #shift(): Entry {
    const entry = this.#waiting[this.#head];
    this.#head++;
    this.#waitingBytes -= entry.bytes;
    if (this.#head > 1_000 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }
}

function bytesOf(batch: Batch): number {
  return batch.reduce((sum, entry) => sum + entry.bytes, 0);
}
