import { isBudgetCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type {
  ActualAmounts,
  EntryFigures,
  HoldEntry,
} from '../../limits/Limiter';
import type { KeptHold } from '../HoldKeeper';
import type { Room } from '../outputCapOf';
import { rateLimitHeaders } from '../rateLimitHeaders';
import type { Settleable } from '../Settleable';
import { AllowancePart } from './AllowancePart';
import type { Amounts } from './Amounts';
import { AmountsTaken } from './AmountsTaken';

const REMAINING_REQUESTS = 'x-ratelimit-remaining-requests';
const REMAINING_TOKENS = 'x-ratelimit-remaining-tokens';

export interface AllowanceOptions {
  /** What was reserved at the limiter. */
  readonly kept: KeptHold;
  readonly lump: Amounts;
  /** Where the counters stand since. */
  readonly figures: readonly EntryFigures[];
  readonly room: Room;
  /** Until when requests may be let in by it, by the monotonic clock. */
  readonly usableUntil: number;
  /** Told when the last request that it let in is over, once it is closed. */
  readonly onOver: (allowance: Allowance) => void;
}

/**
 * What was reserved at the limiter at once, for requests that are let in one by one without asking it again. At the limiter it is one hold, which
 * is settled at what all of them took.
 *
 * ```
 *   open ──► closed: lets nothing in, and what nobody was let in for is given back ──► over: settled
 * ```
 */
export class Allowance {
  readonly kept: KeptHold;
  readonly figures: readonly EntryFigures[];
  readonly usableUntil: number;
  /** What a request may take at most, that is let in by it. */
  readonly room: Room;
  readonly #lump: Amounts;
  readonly #onOver: (allowance: Allowance) => void;
  /** As of when it was opened; what remains was then without what is left of it. */
  readonly #headers: Readonly<Record<string, string>>;
  readonly #remainingRequests: number;
  readonly #remainingTokens: number;
  #requestsLeft: number;
  #tokensLeft: number;
  #moneyLeft: number;
  /** Let in and not over. */
  #underWay = 0;
  #tokensUnderWay = 0;
  #moneyUnderWay = 0;
  readonly #own = new AmountsTaken();
  readonly #subscription = new AmountsTaken();
  #isClosed = false;
  #isChanged = true;

  constructor(options: AllowanceOptions) {
    const { kept, lump, figures, room, usableUntil, onOver } = options;
    this.kept = kept;
    this.figures = figures;
    this.usableUntil = usableUntil;
    this.room = room;
    this.#lump = lump;
    this.#onOver = onOver;
    this.#requestsLeft = lump.requests;
    this.#tokensLeft = lump.tokens;
    this.#moneyLeft = lump.money;
    this.#headers = rateLimitHeaders(figures);
    this.#remainingRequests = Number(this.#headers[REMAINING_REQUESTS]);
    this.#remainingTokens = Number(this.#headers[REMAINING_TOKENS]);
  }

  /** How many requests it has let in that are not over. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Whether so much of it is used that the next one should be asked for. */
  get isHalfUsed(): boolean {
    const { requests, tokens, money } = this.#lump;
    return (
      this.#requestsLeft * 2 < requests ||
      this.#tokensLeft * 2 < tokens ||
      this.#moneyLeft * 2 < money
    );
  }

  /** Lets a request in, if enough is left for all of what it will probably take. */
  take(tokens: number, money: number): Settleable | null {
    if (
      this.#isClosed ||
      this.#requestsLeft < 1 ||
      this.#tokensLeft < tokens ||
      this.#moneyLeft < money
    ) {
      return null;
    }
    this.#requestsLeft -= 1;
    this.#tokensLeft -= tokens;
    this.#moneyLeft -= money;
    this.#underWay += 1;
    this.#tokensUnderWay += tokens;
    this.#moneyUnderWay += money;
    return new AllowancePart(this, tokens, money);
  }

  /** OpenAI's `x-ratelimit-*`, as they are after a request was let in. */
  headers(): Record<string, string> {
    const headers = { ...this.#headers };
    if (REMAINING_REQUESTS in headers) {
      headers[REMAINING_REQUESTS] = String(
        this.#remainingRequests + this.#requestsLeft,
      );
    }
    if (REMAINING_TOKENS in headers) {
      headers[REMAINING_TOKENS] = String(
        this.#remainingTokens + this.#tokensLeft,
      );
    }
    return headers;
  }

  /** Lets nothing in from now on. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#underWay === 0) this.#onOver(this);
  }

  /** A request that was let in is over; called once for each. */
  end(tokens: number, money: number, actual: ActualAmounts): void {
    this.#underWay -= 1;
    this.#tokensUnderWay -= tokens;
    this.#moneyUnderWay -= money;
    this.#isChanged = true;
    this.#own.add(actual, tokens, money);
    this.#subscription.add(actual.subscription ?? actual, tokens, money);
    if (this.#isClosed && this.#underWay === 0) this.#onOver(this);
  }

  /** What all requests took that are over. */
  get taken(): ActualAmounts {
    return { ...this.#own.amounts, subscription: this.#subscription.amounts };
  }

  /**
   * What is still to be reserved, by the places of the hold: what was taken, and what will probably be taken by those that are not over; `null`:
   * the same as when this was last asked. Only for one that is closed.
   */
  needed(): readonly number[] | null {
    if (!this.#isChanged) return null;
    this.#isChanged = false;
    return this.kept.hold.entries.map(entry => this.#neededOf(entry));
  }

  #neededOf({ counter, granted }: HoldEntry): number {
    const sum =
      counter.subject.kind === 'subscription' ? this.#subscription : this.#own;
    switch (counter.measure) {
      case 'requests':
        return Math.min(
          granted,
          (isBudgetCounter(counter) ? sum.attempts : sum.requests) +
            this.#underWay,
        );
      case 'tokens':
        return Math.min(granted, sum.tokens + this.#tokensUnderWay);
      case 'money':
        return Math.min(granted, sum.money + this.#moneyUnderWay);
      default:
        throw new TypeError(`Not reserved ahead: ${counter.measure}`);
    }
  }
}
