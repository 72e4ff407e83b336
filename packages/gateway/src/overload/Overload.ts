import type { OverloadSettings } from '../config/OverloadSettings';
import { refuse, type Refusal } from '../errors/registry';
import type { Log } from '../telemetry/log';
import { RepeatedWarning } from '../telemetry/RepeatedWarning';
import { BufferedBytes } from './BufferedBytes';
import type { Load } from './LoadMeter';
import {
  isTooMuch,
  thresholds,
  type Pressure,
  type Thresholds,
} from './pressure';

export interface OverloadOptions {
  readonly settings: OverloadSettings;
  /** What this process is at; called every now and then. */
  readonly measure: () => Load;
  /** Requests under way, streams included. */
  readonly activeRequests: () => number;
  /** A request was refused. */
  readonly onShed: (pressure: Pressure) => void;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const MEASURE_MS = 250;
/** So many looks without a refusal, and it is over. */
const CALM_LOOKS = 40;
/** Seconds until it is worth trying again. */
const RETRY_AFTER = 2;
/** Memory may stay with the process when it is no longer needed: so few requests are served all the same, or it would never serve again. */
const FEW_REQUESTS = 8;

/**
 * Refuses requests at their headers while there is more to do than can be done well, so that those under way are done well.
 *
 * Requests under way and bytes of bodies are counted, and judged at once; memory and the lag of the event loop are measured four times a
 * second, and what is found begins at one threshold and ends at a lower one.
 */
export class Overload {
  readonly bodies: BufferedBytes;
  readonly #options: OverloadOptions;
  readonly #requests: Thresholds;
  readonly #memory: Thresholds;
  readonly #heap: Thresholds;
  readonly #lag: Thresholds;
  readonly #timer: NodeJS.Timeout;
  readonly #found: Record<'requests' | 'memory' | 'heap' | 'lag', boolean> = {
    requests: false,
    memory: false,
    heap: false,
    lag: false,
  };
  readonly #warning: RepeatedWarning;
  /** Why requests were refused since the last look. */
  #shedFor: Pressure | null = null;
  /** Looks since then. */
  #calmFor = 0;

  static start(options: OverloadOptions): Overload {
    return new Overload(options);
  }

  private constructor(options: OverloadOptions) {
    const { settings } = options;
    this.#options = options;
    this.#warning = RepeatedWarning.create(options);
    this.bodies = BufferedBytes.create({ max: settings.maxBufferedBytes });
    this.#requests = thresholds(settings.maxRequests, 0.95);
    this.#memory = thresholds(settings.maxMemoryBytes, 0.95);
    this.#heap = thresholds(0.92, 0.9);
    this.#lag = thresholds(settings.maxEventLoopLagMs, 0.5);
    this.#timer = setInterval(() => this.#measure(), MEASURE_MS);
    this.#timer.unref();
  }

  /** What there is too much of; `null` when there is not. */
  get pressure(): Pressure | null {
    return this.#pressureFor(this.#options.activeRequests(), 0);
  }

  /**
   * Judges a request by its headers. It is under way already, and does not count against itself.
   *
   * @param bodyBytes - as it declares them; 0 if it does not
   */
  check(bodyBytes: number): Refusal | null {
    const others = this.#options.activeRequests() - 1;
    const pressure = this.#pressureFor(others, bodyBytes);
    return pressure === null ? null : this.shed(pressure);
  }

  /** Refuses a request, and counts it. */
  shed(pressure: Pressure): Refusal {
    this.#options.onShed(pressure);
    this.#shedFor = pressure;
    return refuse('overloaded', {}, RETRY_AFTER);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #pressureFor(active: number, bodyBytes: number): Pressure | null {
    const found = this.#found;
    found.requests = isTooMuch(active, this.#requests, found.requests);
    if (found.requests) return 'requests';
    if (!this.bodies.hasRoomFor(bodyBytes)) return 'buffered_bytes';
    if (found.lag) return 'event_loop';
    return (found.memory || found.heap) && active > FEW_REQUESTS
      ? 'memory'
      : null;
  }

  #measure(): void {
    const { lagMs, memoryBytes, heapPart } = this.#options.measure();
    const found = this.#found;
    found.lag = isTooMuch(lagMs, this.#lag, found.lag);
    found.memory = isTooMuch(memoryBytes, this.#memory, found.memory);
    found.heap = isTooMuch(heapPart, this.#heap, found.heap);
    this.#say();
  }

  #say(): void {
    if (this.#shedFor !== null) {
      this.#calmFor = 0;
      this.#warning.say(
        `New requests are refused, as there is too much to do: ${this.#shedFor}`,
      );
      this.#shedFor = null;
    } else if (++this.#calmFor === CALM_LOOKS) {
      this.#warning.over('No request had to be refused for a while');
    }
  }
}
