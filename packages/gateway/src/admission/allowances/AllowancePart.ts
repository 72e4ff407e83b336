import type { ActualAmounts } from '../../limits/Limiter';
import type { Settleable } from '../Settleable';

/** Told of the end of a request: what it was let in for, and what it took. */
interface Parent {
  end(tokens: number, money: number, actual: ActualAmounts): void;
}

/** What a request was let in for. */
export class AllowancePart implements Settleable {
  readonly #allowance: Parent;
  readonly #tokens: number;
  readonly #money: number;

  constructor(allowance: Parent, tokens: number, money: number) {
    this.#allowance = allowance;
    this.#tokens = tokens;
    this.#money = money;
  }

  settle(actual: ActualAmounts): void {
    this.#allowance.end(this.#tokens, this.#money, actual);
  }
}
