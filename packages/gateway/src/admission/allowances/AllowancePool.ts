import { isBudgetCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { EntryFigures, Hold, ReserveEntry } from '../../limits/Limiter';
import { SLICE_MS } from '../../limits/slices';
import type { RuleChain } from '../../rules/RuleChain';
import type { Allowance } from './Allowance';
import type { Amounts } from './Amounts';
import { Arrivals } from './Arrivals';
import { amountOf, LEAST_REQUESTS, lumpOf } from './lumpOf';

/** So long requests are let in by one allowance; also how long what nobody uses is kept from others. */
export const ALLOWANCE_MS = 250;

/** Older figures say too little of what is left. */
const FRESH_MS = 2 * ALLOWANCE_MS;

/** Reserves a lump; `null`: it is not to be had. Does not fail. */
export type OpenAllowance = (asked: {
  readonly entries: readonly ReserveEntry[];
  readonly lump: Amounts;
  readonly usableUntil: (
    hold: Hold,
    figures: readonly EntryFigures[],
  ) => number;
}) => Promise<Allowance | null>;

export interface AllowancePoolOptions {
  readonly chain: RuleChain;
  readonly open: OpenAllowance;
  /** How many allowances there are, of all chains. */
  readonly live: () => number;
}

/** What is reserved ahead for the requests of one chain: the allowance that they are let in by, and when to ask for the next. */
export class AllowancePool {
  readonly #chain: RuleChain;
  readonly #open: OpenAllowance;
  readonly #live: () => number;
  readonly #arrivals = new Arrivals(ALLOWANCE_MS);
  #current: Allowance | null = null;
  #isOpening = false;
  /** As they were told last; `null`: there was too little left, or they are not known. */
  #figures: readonly EntryFigures[] | null = null;
  #figuresAt = -Infinity;

  constructor({ chain, open, live }: AllowancePoolOptions) {
    this.#chain = chain;
    this.#open = open;
    this.#live = live;
  }

  /**
   * The allowance that a request may be let in by, if there is one. Asks for the next in good time.
   *
   * @param now - by the monotonic clock
   */
  at(tokens: number, money: number, now: number): Allowance | null {
    this.#arrivals.note(tokens, money, now);
    const current = this.#current;
    if (current !== null && now < current.usableUntil) {
      if (current.isHalfUsed) this.#refill(now);
      return current;
    }
    current?.close();
    this.#current = null;
    this.#refill(now);
    return null;
  }

  /** A request was let in by itself, and this is where the counters stand. */
  learn(figures: readonly EntryFigures[], now: number): void {
    this.#figures = figures;
    this.#figuresAt = now;
    if (this.#current === null) this.#refill(now);
  }

  #refill(now: number): void {
    if (
      this.#isOpening ||
      this.#figures === null ||
      now - this.#figuresAt > FRESH_MS ||
      this.#arrivals.expected < LEAST_REQUESTS
    ) {
      return;
    }
    const { expected, mean } = this.#arrivals;
    const lump = lumpOf(expected, mean, this.#figures, this.#live());
    if (lump === null) {
      this.#figures = null;
      return;
    }
    this.#isOpening = true;
    void this.#ask(lump, now);
  }

  async #ask(lump: Amounts, askedAt: number): Promise<void> {
    const opened = await this.#open({
      entries: this.#entriesOf(lump),
      lump,
      usableUntil: (hold, figures) => usableUntil(hold, figures, askedAt),
    }).finally(() => {
      this.#isOpening = false;
    });
    this.#figures = opened?.figures ?? null;
    this.#figuresAt = askedAt;
    if (opened === null) return;
    this.#current?.close();
    this.#current = opened;
  }

  #entriesOf(lump: Amounts): ReserveEntry[] {
    return this.#chain.counted.map(({ counter, limit, whenDegraded }) => {
      const amount = amountOf(counter, lump);
      if (amount === null) throw new TypeError('Not to be reserved ahead');
      return { counter, limit, amount, whenDegraded };
    });
  }
}

/**
 * Until when requests count where the allowance was booked: in the same second of a rate, and in the same window of a budget.
 *
 * @param askedAt - not later than the limiter's clock was read, so that what has passed since is not less than has passed there
 */
function usableUntil(
  { admittedAt }: Hold,
  figures: readonly EntryFigures[],
  askedAt: number,
): number {
  // Whole milliseconds, so that one of them may have passed already.
  const toNextSlice = SLICE_MS - (admittedAt % SLICE_MS) - 1;
  let ms = Math.min(ALLOWANCE_MS, toNextSlice);
  for (const { counter, resetMs } of figures) {
    if (resetMs !== null && isBudgetCounter(counter))
      ms = Math.min(ms, resetMs - 1);
  }
  return askedAt + ms;
}
