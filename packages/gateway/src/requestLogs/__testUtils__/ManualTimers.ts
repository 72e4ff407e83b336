import type { Timers } from '../Timers';

/** Time that passes when it is told to. */
export class ManualTimers implements Timers {
  #now = 0;
  #timers: Array<{ at: number; run: () => void }> = [];

  // Handed over apart from the object, as a clock is.
  readonly now = () => this.#now;

  set(afterMs: number, run: () => void): () => void {
    const timer = { at: this.#now + afterMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer);
    };
  }

  /** Lets so much time pass: what is due happens in its order, and what follows from it, before time goes on. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (;;) {
      const due = this.#timers
        .filter(timer => timer.at <= until)
        .sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter(other => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settled();
    }
    this.#now = until;
  }

  get pending(): number {
    return this.#timers.length;
  }
}

/** Every promise that could settle without time passing has settled. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
