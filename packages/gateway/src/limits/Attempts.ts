import {
  CLOSED,
  failed,
  succeeded,
  tried,
  type Breaker,
  type BreakerSettings,
} from './breaker';
import type { Clock } from './clock';
import { PatientDeadline } from './PatientDeadline';

/** What came of an operation: its value, or nothing that is of use. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false };

export interface AttemptsOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly deadlineMs: number;
  /** So long an answer is waited for while the store answers others. */
  readonly longestMs: number;
  readonly breaker: BreakerSettings;
  /** Told of a failure that is the first in a row, and awaited. */
  readonly onFirstFailure: () => Promise<void>;
  /** Told when the store is to be left alone, and why. */
  readonly onGivenUp: (reason: string) => void;
}

const FAILED: Answer<never> = { ok: false };

/**
 * Operations on a store that may not answer, each with its deadline; what comes of them decides whether the store is left alone.
 *
 * What was asked before the last failure says nothing new: a burst that fails at one moment is one failure.
 */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #deadline: PatientDeadline;
  #givenUp = false;
  #breaker: Breaker = CLOSED;
  /** When the last failure was counted, by the monotonic clock. */
  #failedAt = -Infinity;

  constructor(options: AttemptsOptions) {
    this.#options = options;
    this.#deadline = PatientDeadline.create(options);
  }

  /** Whether the store is left alone, but for trials, until {@link recovered}. */
  get givenUp(): boolean {
    return this.#givenUp;
  }

  /**
   * One operation with its deadline.
   *
   * @param askedAt - earlier for what is waited for once more
   * @throws TypeError where that is what the operation fails by: a bug of who asked, which would be one anywhere
   */
  async await<T>(
    operation: Promise<T>,
    askedAt = this.#options.clock.monotonicMs(),
  ): Promise<Answer<T>> {
    try {
      const value = await this.#deadline.wait(operation, askedAt);
      if (!this.#givenUp) this.#breaker = succeeded();
      return { ok: true, value };
    } catch (error) {
      if (error instanceof TypeError) throw error;
      await this.fail(error, askedAt);
      return FAILED;
    }
  }

  /** Counts a failure of what was asked at an instant. */
  async fail(error: unknown, askedAt: number): Promise<void> {
    const { clock, breaker, onGivenUp, onFirstFailure } = this.#options;
    const before = this.#breaker;
    // Asked before the last failure, it is part of that.
    if (before.state === 'closed' && askedAt < this.#failedAt) return;
    this.#failedAt = clock.monotonicMs();
    this.#breaker = failed(before, this.#failedAt, breaker);
    if (this.#breaker.state !== 'closed' && !this.#givenUp) {
      this.#givenUp = true;
      onGivenUp(error instanceof Error ? error.message : String(error));
    }
    if (before.state === 'closed' && before.failures === 0) {
      await onFirstFailure();
    }
  }

  /** @returns whether it is time for a trial, which then has begun */
  beginTrial(): boolean {
    this.#breaker = tried(this.#breaker, this.#options.clock.monotonicMs());
    return this.#breaker.state !== 'open';
  }

  /** The store does all again. */
  recovered(): void {
    this.#givenUp = false;
    this.#breaker = succeeded();
  }
}
