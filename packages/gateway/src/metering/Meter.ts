import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Log } from '../telemetry/log';
import { encodeEvent } from './eventCodec';
import { Patience } from './Patience';
import type { Spool } from './spool/Spool';
import {
  intentEvent,
  settledEvent,
  type Attempt,
  type AttemptResult,
} from './usageEvent';

/** How long the end of an answer is held for a disk that does not write. */
const MAX_HOLD_MS = 10_000;
/** How long the begin of an attempt is held for one. */
const MAX_INTENT_MS = 250;

/**
 * Records what attempts use, before anyone sees them end.
 */
export class Meter {
  readonly #spool: Spool;
  readonly #log: Log;
  readonly #onEnd: (attempt: Attempt, event: UsageEvent) => void;
  readonly #intents = new Patience(MAX_INTENT_MS);
  readonly #events = new Patience(MAX_HOLD_MS);

  /** @param options - `onEnd`: told of each attempt that is over, and what is booked of it */
  static create(options: {
    spool: Spool;
    log: Log;
    onEnd: (attempt: Attempt, event: UsageEvent) => void;
  }): Meter {
    return new Meter(options);
  }

  private constructor(options: {
    spool: Spool;
    log: Log;
    onEnd: (attempt: Attempt, event: UsageEvent) => void;
  }) {
    this.#spool = options.spool;
    this.#log = options.log;
    this.#onEnd = options.onEnd;
  }

  /** Why nothing can be recorded at the moment; `null` when it can. Nothing that costs money may begin meanwhile. */
  get problem(): string | null {
    return this.#spool.problem;
  }

  /**
   * Writes down that an attempt begins. To be waited for before anything is spent on it: what is written is known of should this process
   * die. That is done by the end of the event loop's turn; should the disk refuse just now, it is not waited for longer.
   */
  begin(attempt: Attempt): Promise<unknown> {
    return this.#intents.within(
      this.#spool.append(encodeEvent('intent', intentEvent(attempt))),
    );
  }

  /**
   * Writes down how an attempt went.
   *
   * @returns the event, and whether it came to be as safe as the spool makes events (`SpoolSync`): if it does not in time, the disk refuses, and
   *   it is kept until the disk takes it
   */
  settle(
    attempt: Attempt,
    result: AttemptResult,
  ): { readonly event: UsageEvent; readonly recorded: Promise<boolean> } {
    const event = settledEvent(attempt, result);
    this.#onEnd(attempt, event);
    return { event, recorded: this.#keptInTime(event) };
  }

  /** Writes down that an attempt came to nothing we know of, through a fault of our own. */
  async abandon(attempt: Attempt): Promise<void> {
    const event = { ...intentEvent(attempt), errorCode: 'internal_error' };
    this.#onEnd(attempt, event);
    await this.#keep(event);
  }

  /** Books what earlier processes left open; resolves once the disk has that, as what they left may be deleted then. */
  async recover(events: readonly UsageEvent[]): Promise<void> {
    await Promise.all(
      events.map(event => this.#spool.append(encodeEvent('event', event))),
    );
    await this.#spool.synced();
  }

  async #keptInTime(event: UsageEvent): Promise<boolean> {
    const recorded = await this.#keep(event);
    if (!recorded) {
      this.#log.error(
        { requestId: event.requestId },
        'The usage of a request could not be recorded in time',
      );
    }
    return recorded;
  }

  #keep(event: UsageEvent): Promise<boolean> {
    return this.#events.within(this.#spool.append(encodeEvent('event', event)));
  }
}
