import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** What a process is at. */
export interface Load {
  /** How late the event loop was, on the average since the last look, in milliseconds. */
  readonly lagMs: number;
  /** Resident memory. */
  readonly memoryBytes: number;
  /** From 0 to 1: how much of the heap's limit is used. */
  readonly heapPart: number;
}

const RESOLUTION_MS = 20;
const NANO_PER_MS = 1e6;

/** Looks at this process. */
export class LoadMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  static start(): LoadMeter {
    return new LoadMeter();
  }

  private constructor() {
    this.#delay.enable();
  }

  measure(): Load {
    const { mean } = this.#delay;
    this.#delay.reset();
    const { used_heap_size: used, heap_size_limit: limit } =
      getHeapStatistics();
    return {
      // The time between two looks of its own is part of what it measures; nothing seen is no delay.
      lagMs: Number.isFinite(mean)
        ? Math.max(0, mean / NANO_PER_MS - RESOLUTION_MS)
        : 0,
      memoryBytes: process.memoryUsage.rss(),
      heapPart: used / limit,
    };
  }

  close(): void {
    this.#delay.disable();
  }
}
