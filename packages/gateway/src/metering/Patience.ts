import { Bag, NOWHERE, type Bagged } from '../collections/Bag';

/** Those that begin to wait for the same within so long wait together. */
const TOGETHER_MS = 50;

interface Held extends Bagged {
  readonly work: Promise<void>;
  /** By the clock that never goes back, in milliseconds. */
  readonly since: number;
  /** Whether the work was done in time. */
  readonly inTime: Promise<boolean>;
  readonly end: (inTime: boolean) => void;
}

/**
 * Waits for work that many wait for, but not for ever. One timer serves all, and none is needed but by those who find the work not done
 * for as long as they are patient.
 */
export class Patience {
  readonly #milliseconds: number;
  readonly #held = new Bag<Held>();
  #last: Held | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param milliseconds - how long it lasts, to within a twentieth of a second */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /**
   * Whether work is done in time.
   *
   * @param work - which never rejects
   */
  within(work: Promise<void>): Promise<boolean> {
    const now = performance.now();
    const last = this.#last;
    if (last && last.work === work && now - last.since < TOGETHER_MS) {
      return last.inTime;
    }
    const held = this.#hold(work, now);
    this.#last = held;
    return held.inTime;
  }

  #hold(work: Promise<void>, since: number): Held {
    let end: Held['end'] = () => undefined;
    const inTime = new Promise<boolean>(resolve => {
      end = resolve;
    });
    const held: Held = { work, since, inTime, end, place: NOWHERE };
    void work.then(() => {
      this.#held.delete(held);
      end(true);
    });
    this.#held.add(held);
    this.#timer ??= this.#lookAfter(this.#milliseconds);
    return held;
  }

  #lookAfter(milliseconds: number): NodeJS.Timeout {
    const look = () => this.#look(performance.now());
    // Work that is under way keeps the process, if anything should.
    return setTimeout(look, milliseconds).unref();
  }

  #look(now: number): void {
    let nextMs = Infinity;
    this.#held.forEach(held => {
      const leftMs = held.since + this.#milliseconds - now;
      if (leftMs > 0) {
        nextMs = Math.min(nextMs, leftMs);
      } else {
        this.#held.delete(held);
        held.end(false);
      }
    });
    this.#timer = nextMs < Infinity ? this.#lookAfter(nextMs) : undefined;
  }
}
