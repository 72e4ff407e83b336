import { Bag } from '../../collections/Bag';
import type { ActualAmounts, EntryFigures } from '../../limits/Limiter';
import type { KeptHold } from '../HoldKeeper';
import type { Room } from '../outputCapOf';
import { rateLimitHeaders } from '../rateLimitHeaders';
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
  /** Told when it is closed and has no request any more: it is to be settled then. */
  readonly onOver: (allowance: Allowance) => void;
}

/**
 * What was reserved at the limiter at once, for requests that are let in one by one without asking it again. At the limiter it is one hold, which
 * is settled at what all of them took.
 *
 * ```
 *   open ──► closed: lets nothing in ──► over, when the last request is, or is settled elsewhere
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
  /** Let in, not over, and not settled elsewhere. */
  readonly #parts = new Bag<AllowancePart>();
  readonly #own = new AmountsTaken();
  readonly #subscription = new AmountsTaken();
  #isClosed = false;

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
    return this.#parts.size;
  }

  /** What these were let in for. */
  get parts(): readonly AllowancePart[] {
    return this.#parts.toArray();
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
  take(tokens: number, money: number): AllowancePart | null {
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
    const part = new AllowancePart(this, tokens, money);
    this.#parts.add(part);
    return part;
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
    this.#endIfLast();
  }

  end(part: AllowancePart, actual: ActualAmounts): void {
    const { tokens, money } = part;
    this.#own.add(actual, tokens, money);
    this.#subscription.add(actual.subscription ?? actual, tokens, money);
    this.leave(part);
  }

  leave(part: AllowancePart): void {
    this.#parts.delete(part);
    if (this.#isClosed) this.#endIfLast();
  }

  /** What all requests took that are over. */
  get taken(): ActualAmounts {
    return { ...this.#own.amounts, subscription: this.#subscription.amounts };
  }

  #endIfLast(): void {
    if (this.#parts.size === 0) this.#onOver(this);
  }
}
