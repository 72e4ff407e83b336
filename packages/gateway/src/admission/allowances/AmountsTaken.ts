import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ActualAmounts } from '../../limits/Limiter';
import type { Amounts } from './Amounts';

/** What requests took together. What is beyond all limits stays there. */
export class AmountsTaken {
  requests = 0;
  attempts = 0;
  tokens = 0;
  money = 0;

  /** @param actual - as of a hold: what is not named is as it was reserved */
  add(actual: ActualAmounts, tokens: number, money: number): void {
    const requests = actual.requests ?? 1;
    this.requests = countable(this.requests + requests);
    this.attempts = countable(this.attempts + (actual.attempts ?? requests));
    this.tokens = countable(this.tokens + (actual.tokens ?? tokens));
    this.money = countable(this.money + (actual.money ?? money));
  }

  get amounts(): Amounts & { readonly attempts: number } {
    const { requests, attempts, tokens, money } = this;
    return { requests, attempts, tokens, money };
  }
}

function countable(amount: number): number {
  return Math.min(amount, MAX_AMOUNT);
}
