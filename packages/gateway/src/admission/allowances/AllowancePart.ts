import { NOWHERE, type Bagged } from '../../collections/Bag';
import type { ActualAmounts } from '../../limits/Limiter';
import type { Settleable } from '../Settleable';

/** What parts belong to. */
interface Parent {
  /** The request of a part is over, and took so much. */
  end(part: AllowancePart, actual: ActualAmounts): void;
  /** The request of a part is not over, and is settled elsewhere. */
  leave(part: AllowancePart): void;
}

/** What a request was let in for. */
export class AllowancePart implements Settleable, Bagged {
  place = NOWHERE;
  readonly tokens: number;
  readonly money: number;
  readonly #allowance: Parent;
  #isOver = false;
  #elsewhere: Settleable | null = null;

  constructor(allowance: Parent, tokens: number, money: number) {
    this.#allowance = allowance;
    this.tokens = tokens;
    this.money = money;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The same was reserved for its request alone, which is settled there. Only for one that is not over. */
  moveTo(reservation: Settleable): void {
    this.#elsewhere = reservation;
    this.#allowance.leave(this);
  }

  settle(actual: ActualAmounts): Promise<void> | void {
    this.#isOver = true;
    if (this.#elsewhere) return this.#elsewhere.settle(actual);
    return this.#allowance.end(this, actual);
  }
}
