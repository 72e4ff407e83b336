import type { Report } from './messages';

const PATIENCE_MS = 2_000;

interface Round {
  readonly missing: Set<number>;
  readonly over: () => void;
}

/** Asks workers for their figures, all at once, and waits for those that answer in time. */
export class FigureRounds {
  readonly #tell: (worker: number, ask: number) => void;
  readonly #told: (worker: number, report: Report) => void;
  readonly #rounds = new Map<number, Round>();
  #lastAsk = 0;

  /** @param options - `tell`: asks a worker; `told`: is given each answer, a late one as well */
  static create(options: {
    readonly tell: (worker: number, ask: number) => void;
    readonly told: (worker: number, report: Report) => void;
  }): FigureRounds {
    return new FigureRounds(options.tell, options.told);
  }

  private constructor(
    tell: (worker: number, ask: number) => void,
    told: (worker: number, report: Report) => void,
  ) {
    this.#tell = tell;
    this.#told = told;
  }

  /** Resolves once all have answered, or had time enough. */
  ask(workers: readonly number[]): Promise<void> {
    if (workers.length === 0) return Promise.resolve();
    this.#lastAsk += 1;
    const ask = this.#lastAsk;
    return new Promise(resolve => {
      const end = () => {
        this.#rounds.delete(ask);
        resolve();
      };
      const timer = setTimeout(end, PATIENCE_MS);
      this.#rounds.set(ask, {
        missing: new Set(workers),
        over: () => {
          clearTimeout(timer);
          end();
        },
      });
      for (const worker of workers) this.#tell(worker, ask);
    });
  }

  /** A worker answered. */
  told(worker: number, ask: number, report: Report): void {
    this.#told(worker, report);
    this.#noLongerMissing(worker, this.#rounds.get(ask));
  }

  /** A worker is gone: nobody waits for it. */
  ended(worker: number): void {
    for (const round of [...this.#rounds.values()]) {
      this.#noLongerMissing(worker, round);
    }
  }

  #noLongerMissing(worker: number, round: Round | undefined): void {
    if (round?.missing.delete(worker) && round.missing.size === 0) round.over();
  }
}
