import type { Clock } from './clock';
import { DeadlineError, withDeadline } from './withDeadline';

export interface PatientDeadlineOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly deadlineMs: number;
  /** So long an answer is waited for at most, however many others get theirs. */
  readonly longestMs: number;
}

/**
 * A deadline for the answers of a store that is asked much at once.
 *
 * Answers come one after the other. Of a thousand questions in one moment the last is answered late by a store that never paused; that it
 * is at work is seen by the others' answers. So a question is given up once nobody who waited has been answered for as long as the deadline.
 * What was given up does not count when its answer comes after all: a store that answers everybody too late is slow, and is not waited for.
 */
export class PatientDeadline {
  readonly #options: PatientDeadlineOptions;
  #answeredAt = -Infinity;

  static create(options: PatientDeadlineOptions): PatientDeadline {
    return new PatientDeadline(options);
  }

  private constructor(options: PatientDeadlineOptions) {
    this.#options = options;
  }

  /**
   * @param askedAt - by the clock given; earlier for what is waited for once more
   * @throws DeadlineError; and whatever `operation` fails by
   */
  async wait<T>(operation: Promise<T>, askedAt: number): Promise<T> {
    const { clock, deadlineMs, longestMs } = this.#options;
    const end = askedAt + longestMs;
    let waitMs = Math.min(deadlineMs, end - clock.monotonicMs());
    for (;;) {
      try {
        const value = await withDeadline(operation, waitMs);
        this.#answeredAt = clock.monotonicMs();
        return value;
      } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        const now = clock.monotonicMs();
        waitMs = Math.min(this.#answeredAt + deadlineMs, end) - now;
        if (waitMs <= 0) throw new DeadlineError(Math.round(now - askedAt));
      }
    }
  }
}
