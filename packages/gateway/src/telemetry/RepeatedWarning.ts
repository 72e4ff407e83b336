import type { Log } from './log';

const REPEAT_MS = 30_000;

/** Says what is wrong once, again every half minute for as long as it is, and once more when it is over. */
export class RepeatedWarning {
  readonly #log: Log;
  readonly #now: () => number;
  #reason: string | null = null;
  #saidAt = 0;

  static create(options: {
    readonly log: Log;
    readonly now: () => number;
  }): RepeatedWarning {
    return new RepeatedWarning(options.log, options.now);
  }

  private constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  say(reason: string): void {
    const now = this.#now();
    if (reason === this.#reason && now - this.#saidAt < REPEAT_MS) return;
    this.#reason = reason;
    this.#saidAt = now;
    this.#log.warn(reason);
  }

  over(message: string): void {
    if (this.#reason === null) return;
    this.#reason = null;
    this.#log.info(message);
  }
}
