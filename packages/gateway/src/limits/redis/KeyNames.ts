import {
  counterName,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';

/**
 * What the keys in Redis are called; see `script/index.ts`.
 *
 * The same counters are asked for again and again by the same objects, so that their names are kept with those.
 */
export class KeyNames {
  readonly clock: string;
  readonly #holds: string;
  readonly #counters: string;
  readonly #rates: string;
  readonly #ofCounters = new WeakMap<LimitCounter, string>();

  /** @param prefix - with one hash tag, and nothing else after it */
  constructor(prefix: string) {
    this.clock = `${prefix}:clock`;
    this.#holds = `${prefix}:hold:`;
    this.#counters = `${prefix}:count:`;
    this.#rates = `${prefix}:rate:`;
  }

  ofHold(id: string): string {
    return this.#holds + id;
  }

  ofCounter(counter: LimitCounter): string {
    let name = this.#ofCounters.get(counter);
    if (name === undefined) {
      const kind = counter.window === 'minute' ? this.#rates : this.#counters;
      name = kind + counterName(counter);
      this.#ofCounters.set(counter, name);
    }
    return name;
  }
}
