import type { PriceRates } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { ratesOf, type PricedModel } from './ratesOf';

/** What requests to a model are expected to be billed by; worked out anew when another of its prices has come into force. */
export class ExpectedRates {
  readonly #model: PricedModel;
  #rates: PriceRates | null = null;
  /** Milliseconds since the epoch: from when on, and before when, the same prices are in force. */
  #from = Infinity;
  #until = -Infinity;

  constructor(model: PricedModel) {
    this.#model = model;
  }

  /** @param at - milliseconds since the epoch */
  at(at: number): PriceRates {
    if (this.#rates && at >= this.#from && at < this.#until) return this.#rates;
    this.#from = -Infinity;
    this.#until = Infinity;
    for (const { prices } of this.#model.deployments) {
      for (const { effectiveFrom } of prices) {
        if (effectiveFrom > at) {
          this.#until = Math.min(this.#until, effectiveFrom);
        } else {
          this.#from = Math.max(this.#from, effectiveFrom);
        }
      }
    }
    this.#rates = ratesOf(this.#model, at);
    return this.#rates;
  }
}
