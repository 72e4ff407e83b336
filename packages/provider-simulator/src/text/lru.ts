interface LruOptions<K> {
  readonly maxEntries: number;
  /** Upper bound of the sum of `weigh` over the keys held. An entry heavier than this is not kept. */
  readonly maxWeight: number;
  readonly weigh: (key: K) => number;
}

/** A map that forgets what was used longest ago once it holds too many entries or too much weight. */
export class LruCache<K, V> {
  readonly #options: LruOptions<K>;
  readonly #entries = new Map<K, V>();
  #weight = 0;

  constructor(options: LruOptions<K>) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A Map iterates in the order of insertion: re-inserting makes this key the youngest.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    const { maxEntries, maxWeight, weigh } = this.#options;
    const weight = weigh(key);
    if (weight > maxWeight) return;
    if (!this.#entries.delete(key)) this.#weight += weight;
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxEntries && this.#weight <= maxWeight) break;
      this.#entries.delete(oldest);
      this.#weight -= weigh(oldest);
    }
  }
}
