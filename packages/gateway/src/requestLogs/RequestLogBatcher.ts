import type {
  RequestLog,
  RequestLogStore,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Log } from '../telemetry/log';
import { RepeatedWarning } from '../telemetry/RepeatedWarning';
import {
  RequestLogQueue,
  type Batch,
  type QueueBounds,
} from './RequestLogQueue';
import type { Timers } from './Timers';

export interface RequestLogBatcherLimits extends QueueBounds {
  /** A batch goes out when it has so many records or bytes, … */
  readonly batchRecords: number;
  readonly batchBytes: number;
  /** … or when its oldest record is so old. */
  readonly flushAfterMs: number;
  /** How long the store may take before it counts as away. More than its own patience. */
  readonly attemptMs: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
}

export const REQUEST_LOG_LIMITS: RequestLogBatcherLimits = {
  maxRecords: 20_000,
  maxBytes: 67_108_864,
  batchRecords: 1_000,
  batchBytes: 4_194_304,
  flushAfterMs: 500,
  attemptMs: 35_000,
  backoffMinMs: 250,
  backoffMaxMs: 30_000,
};

/** Figures for metrics. Each record that was added is in exactly one of queued, stored, dropped and refused. */
export interface RequestLogBatcherStats {
  readonly queued: number;
  readonly queuedBytes: number;
  readonly stored: number;
  /** Pushed out of a full queue, too large for it, or still there when the gateway had to end. */
  readonly dropped: number;
  /** Refused by the store for what they are. */
  readonly refused: number;
  /** Attempts that failed, since the start. */
  readonly failures: number;
}

class AttemptTimeout extends Error {
  name = 'AttemptTimeout';
}

/**
 * Carries request logs to their store, apart from everything that matters more: adding one never waits, never throws, and takes no more
 * memory than the bounds say. What does not fit is dropped, the oldest first, and counted.
 *
 * ```
 *          add                    full, or old enough
 *  idle ────────► gathering ────────────────────────────► sending ──► stored: gathering or idle
 *                     ▲                                      │
 *                     │ backed off                           ├──► away: the batch waits again, in its place
 *                     └──────────────────────────────────────┤
 *                                                            └──► refused: half of it at once; a single record is given up
 * ```
 *
 * One batch is on its way at a time. A batch of which nobody knows whether it arrived is sent again: the store keeps a record once. A
 * refusal tells of the data, so that the record that is to blame is found by halving, and holds up no other.
 */
export class RequestLogBatcher {
  readonly #store: Pick<RequestLogStore, 'append'>;
  readonly #limits: RequestLogBatcherLimits;
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #warning: RepeatedWarning;
  readonly #refusal: RepeatedWarning;
  readonly #queue: RequestLogQueue;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #timer: { cancel: () => void; urgent: boolean } | undefined;
  #inFlight: Batch | undefined;
  #failuresInRow = 0;
  #batchRecords: number;
  #stored = 0;
  #dropped = 0;
  #refused = 0;
  #failures = 0;
  #closing: Promise<void> | undefined;
  #finish: () => void = () => {};

  /** @param options - `random`: from 0 to 1, so that the gateways of a fleet do not all come back at once */
  static create(options: {
    store: Pick<RequestLogStore, 'append'>;
    limits: RequestLogBatcherLimits;
    timers: Timers;
    random: () => number;
    log: Log;
  }): RequestLogBatcher {
    return new RequestLogBatcher(options);
  }

  private constructor(options: {
    store: Pick<RequestLogStore, 'append'>;
    limits: RequestLogBatcherLimits;
    timers: Timers;
    random: () => number;
    log: Log;
  }) {
    this.#store = options.store;
    this.#limits = options.limits;
    this.#timers = options.timers;
    this.#random = options.random;
    const repeated = { log: options.log, now: options.timers.now };
    this.#warning = RepeatedWarning.create(repeated);
    this.#refusal = RepeatedWarning.create(repeated);
    this.#queue = RequestLogQueue.create(options.limits);
    this.#batchRecords = options.limits.batchRecords;
  }

  /** Takes a record. Once the batcher is closing, it is dropped. */
  add(log: RequestLog): void {
    if (this.#state !== 'open') {
      this.#dropped++;
      return;
    }
    this.#dropped += this.#queue.push(log, this.#timers.now());
    this.#schedule();
  }

  stats(): RequestLogBatcherStats {
    return {
      queued: this.#queue.records,
      queuedBytes: this.#queue.bytes,
      stored: this.#stored,
      dropped: this.#dropped,
      refused: this.#refused,
      failures: this.#failures,
    };
  }

  /** Sends what there is, but no longer than so many milliseconds; what is left then is dropped, and counted. Never rejects. */
  close(withinMs: number): Promise<void> {
    this.#closing ??= new Promise<void>(resolve => {
      const cancelDeadline = this.#timers.set(withinMs, () => this.#end());
      this.#finish = () => {
        cancelDeadline();
        resolve();
      };
      this.#state = 'closing';
      // Whatever it waited for, a fuller batch or the end of a pause, there is no time for it now.
      this.#cancelTimer();
      this.#schedule();
    });
    return this.#closing;
  }

  #end(): void {
    this.#state = 'closed';
    this.#cancelTimer();
    this.#dropped += this.#queue.records;
    this.#queue.release(this.#queue.take(Infinity, Infinity));
    // Perhaps it arrives still: what is counted as dropped may be there, and never the other way round.
    if (this.#inFlight) this.#queue.release(this.#inFlight);
    this.#finish();
  }

  /** A method, as the state may have changed while something was awaited. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Sees to it that the next batch goes out in time. Every change of state ends here. */
  #schedule(): void {
    if (this.#state === 'closed' || this.#inFlight) return;
    if (this.#queue.waitingRecords === 0) {
      if (this.#state === 'closing') this.#end();
      return;
    }
    if (this.#timer?.urgent) return;
    const urgent = this.#isDue();
    if (this.#timer && !urgent) return;
    this.#cancelTimer();
    this.#startTimer(urgent ? 0 : this.#untilFlush(), urgent);
  }

  #isDue(): boolean {
    return (
      this.#state === 'closing' ||
      this.#queue.waitingRecords >= this.#batchRecords ||
      this.#queue.waitingBytes >= this.#limits.batchBytes
    );
  }

  #untilFlush(): number {
    const oldest = this.#queue.oldestAddedAt ?? this.#timers.now();
    return Math.max(0, oldest + this.#limits.flushAfterMs - this.#timers.now());
  }

  /** @param urgent - whether nothing that comes meanwhile makes it go off sooner */
  #startTimer(afterMs: number, urgent: boolean): void {
    // Even when it is due at once: not within the request that added the record.
    const cancel = this.#timers.set(afterMs, () => {
      this.#timer = undefined;
      this.#send().catch(error => this.#warning.say(reasonOf(error)));
    });
    this.#timer = { cancel, urgent };
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #send(): Promise<void> {
    const batch = this.#queue.take(this.#batchRecords, this.#limits.batchBytes);
    this.#inFlight = batch;
    const result = await this.#attempt(batch);
    this.#inFlight = undefined;
    if (this.#isClosed()) return;
    switch (result.kind) {
      case 'stored':
        this.#queue.release(batch);
        this.#stored += batch.length;
        this.#recover();
        break;
      case 'refused':
        this.#refuse(batch, result.reason);
        break;
      case 'away':
        this.#queue.putBack(batch);
        this.#backOff(result.reason);
        break;
      default: {
        const impossible: never = result;
        throw new TypeError(`Unknown result: ${JSON.stringify(impossible)}`);
      }
    }
    this.#schedule();
  }

  async #attempt(
    batch: Batch,
  ): Promise<
    { kind: 'stored' } | { kind: 'refused' | 'away'; reason: string }
  > {
    let cancelTimeout = () => {};
    const late = new Promise<never>((_, reject) => {
      cancelTimeout = this.#timers.set(this.#limits.attemptMs, () =>
        reject(new AttemptTimeout()),
      );
    });
    try {
      const logs = batch.map(entry => entry.log);
      await Promise.race([this.#store.append(logs), late]);
      return { kind: 'stored' };
    } catch (error) {
      const isRefusal = error instanceof Error && error.name === 'InputError';
      return { kind: isRefusal ? 'refused' : 'away', reason: reasonOf(error) };
    } finally {
      cancelTimeout();
    }
  }

  #recover(): void {
    this.#failuresInRow = 0;
    this.#batchRecords = Math.min(
      this.#limits.batchRecords,
      this.#batchRecords * 2,
    );
    this.#warning.over('Request logs reach their store again');
  }

  #refuse(batch: Batch, reason: string): void {
    if (batch.length > 1) {
      this.#queue.putBack(batch);
      this.#batchRecords = Math.ceil(batch.length / 2);
      return;
    }
    this.#queue.release(batch);
    this.#refused += batch.length;
    this.#refusal.say(`The store refused a request log: ${reason}`);
  }

  #backOff(reason: string): void {
    const { backoffMinMs, backoffMaxMs } = this.#limits;
    const pause =
      this.#state === 'closing'
        ? backoffMinMs
        : Math.min(
            backoffMaxMs,
            backoffMinMs * 2 ** Math.min(this.#failuresInRow, 30),
          );
    this.#failures++;
    this.#failuresInRow++;
    this.#warning.say(
      `Request logs wait in memory, as their store cannot be written to: ${reason}`,
    );
    this.#startTimer(pause * (0.5 + this.#random() / 2), true);
  }
}

/** What went wrong, in a word: messages of database drivers hold whole statements. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'InputError') return error.message;
  return 'code' in error ? `${error.name} ${error.code}` : error.name;
}
