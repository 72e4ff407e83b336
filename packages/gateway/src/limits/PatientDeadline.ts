import { Bag, NOWHERE, type Bagged } from '../collections/Bag';
import type { Clock } from './clock';
import { DeadlineError } from './withDeadline';

export interface PatientDeadlineOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly deadlineMs: number;
  /** So long an answer is waited for at most, however many others get theirs. */
  readonly longestMs: number;
}

/** What is waited for. */
interface Waiting extends Bagged {
  readonly askedAt: number;
  /** When it was sent: with the end of the turn of the event loop in which it was asked. */
  sentAt: number;
  readonly reject: (error: DeadlineError) => void;
}

/**
 * A deadline for the answers of a store that is asked much at once.
 *
 * Answers come one after the other. Of a thousand questions in one moment the last is answered late by a store that never paused; that it
 * is at work is seen by the others' answers. So a question is given up once nobody who waited has been answered for as long as the deadline.
 * What was given up does not count when its answer comes after all: a store that answers everybody too late is slow, and is not waited for.
 *
 * A process that is busy is not to blame others for it: time begins with the end of the turn of the event loop, when what is asked for has
 * been sent; and an answer that lies ready counts as in time even if there was no time to look, as it is looked for once more after the
 * deadline. All are on one timer, since nearly none ever comes to its deadline.
 */
export class PatientDeadline {
  readonly #options: PatientDeadlineOptions;
  readonly #waiting = new Bag<Waiting>();
  /** Those of this turn. */
  #unsent: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** When the timer is due. */
  #looksAt = Infinity;
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
  wait<T>(operation: Promise<T>, askedAt: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        askedAt,
        sentAt: Infinity,
        reject,
        place: NOWHERE,
      };
      this.#begin(waiting);
      operation.then(
        value => {
          if (!this.#waiting.delete(waiting)) return;
          this.#answeredAt = this.#options.clock.monotonicMs();
          resolve(value);
        },
        error => {
          this.#waiting.delete(waiting);
          reject(error);
        },
      );
    });
  }

  #begin(waiting: Waiting): void {
    this.#waiting.add(waiting);
    this.#unsent.push(waiting);
    if (this.#unsent.length === 1) setImmediate(() => this.#sent());
  }

  #sent(): void {
    const now = this.#options.clock.monotonicMs();
    let next = Infinity;
    for (const waiting of this.#unsent) {
      waiting.sentAt = now;
      next = Math.min(next, this.#dueAt(waiting));
    }
    this.#unsent = [];
    this.#lookAt(next, now);
  }

  #lookAt(due: number, now: number): void {
    if (this.#timer && this.#looksAt <= due) return;
    clearTimeout(this.#timer ?? undefined);
    this.#looksAt = due;
    this.#timer = setTimeout(
      () => {
        setImmediate(() => {
          this.#timer = null;
          this.#look();
        });
      },
      Math.max(0, Math.ceil(due - now)),
    );
  }

  /** Gives up what is due, and looks again when the next may be. */
  #look(): void {
    const now = this.#options.clock.monotonicMs();
    let next = Infinity;
    this.#waiting.forEach(waiting => {
      const due = this.#dueAt(waiting);
      if (due > now) {
        next = Math.min(next, due);
      } else {
        this.#waiting.delete(waiting);
        const waitedMs = Math.round(now - waiting.askedAt);
        waiting.reject(new DeadlineError(waitedMs));
      }
    });
    if (next < Infinity) this.#lookAt(next, now);
  }

  #dueAt({ askedAt, sentAt }: Waiting): number {
    const { deadlineMs, longestMs } = this.#options;
    const patientUntil = Math.max(sentAt, this.#answeredAt) + deadlineMs;
    return Math.min(patientUntil, askedAt + longestMs);
  }
}
