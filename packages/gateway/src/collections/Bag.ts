/** The place of what is in no bag. */
export const NOWHERE = -1;

/** What can be in a bag, one at a time. */
export interface Bagged {
  /** Where it is in its bag, which alone changes it; {@link NOWHERE} to begin with. */
  place: number;
}

/**
 * A set without an order, for what comes and goes with every request.
 *
 * A `Set` that is added to and deleted from again and again is made anew each time it is full of what was deleted, and each of its former
 * selves keeps what it held and points to the next one. Once one of them has become old, young generations are collected without looking
 * whether it is still of use: it keeps all that follow, and with them all requests there ever were, until the next full collection. To
 * collect garbage then costs several times as much (`yarn workspace @ai-gateway/gateway bench:collections`). A bag leaves nothing behind.
 */
export class Bag<T extends Bagged> {
  readonly #all: T[] = [];

  get size(): number {
    return this.#all.length;
  }

  /** Does nothing if it is in the bag. */
  add(one: T): void {
    if (one.place !== NOWHERE) return;
    one.place = this.#all.length;
    this.#all.push(one);
  }

  /** @returns whether it was in the bag */
  delete(one: T): boolean {
    const { place } = one;
    if (place === NOWHERE) return false;
    const last = this.#all.pop() as T;
    if (last !== one) {
      this.#all[place] = last;
      last.place = place;
    }
    one.place = NOWHERE;
    return true;
  }

  /**
   * Visits each that is in the bag when this is called, unless it is taken out before its turn comes. Whoever is visited may take out and put in
   * what it likes; then others may be visited twice.
   */
  forEach(visit: (one: T) => void): void {
    // From the end: into the place of one that is taken out comes one that has been visited, or is new.
    for (let i = this.#all.length - 1; i >= 0; i--) {
      const one = this.#all[i];
      if (one) visit(one);
    }
  }

  /** What is in the bag now, in no order. */
  toArray(): T[] {
    return this.#all.slice();
  }
}
