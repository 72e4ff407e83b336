/** A map that is cleaned a little at a time, so that what nobody asks for again does not pile up and no sweep takes long. */
export class SweptMap<V> {
  readonly #entries = new Map<string, V>();
  #cursor = this.#entries.entries();

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value);
  }

  /** Looks at the next few and drops those that may go. */
  sweep(count: number, mayGo: (value: V) => boolean): void {
    for (let seen = 0; seen < count; seen += 1) {
      const next = this.#cursor.next();
      if (next.done) {
        this.#cursor = this.#entries.entries();
        return;
      }
      const [key, value] = next.value;
      if (mayGo(value)) this.#entries.delete(key);
    }
  }
}
