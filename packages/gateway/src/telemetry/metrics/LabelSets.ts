/** What a label says when there are too many values to keep apart. */
export const OVERFLOW = 'overflow';

/**
 * What is kept for each set of labels, for so many sets and no more: a set that comes when the room is used up shares one place with all
 * others that did. So memory is bounded whatever the labels are made of.
 */
export class LabelSets<T> {
  readonly #sets = new Map<string, T>();
  readonly #max: number;
  readonly #create: (labels: readonly string[]) => T;
  #overflow: T | undefined;
  #overflowed = 0;

  /**
   * @param options - `max`: sets that are kept apart, at least one; `create`: makes what is kept for a set
   */
  static create<T>(options: {
    readonly max: number;
    readonly create: (labels: readonly string[]) => T;
  }): LabelSets<T> {
    return new LabelSets(options.max, options.create);
  }

  private constructor(max: number, create: (labels: readonly string[]) => T) {
    this.#max = max;
    this.#create = create;
  }

  /** How often a set found no place of its own. */
  get overflowed(): number {
    return this.#overflowed;
  }

  /** What is kept for a set; the number of labels is always the same. */
  of(...labels: readonly string[]): T {
    const key = labels.join('\0');
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    if (this.#sets.size >= this.#max) {
      this.#overflowed += 1;
      this.#overflow ??= this.#create(labels.map(() => OVERFLOW));
      return this.#overflow;
    }
    const created = this.#create(labels);
    this.#sets.set(key, created);
    return created;
  }
}
