/** What a label says when there are too many values to keep apart. */
export const OVERFLOW = 'overflow';

/** What is kept for one set of labels. */
export interface LabelSet<T> {
  readonly labels: readonly string[];
  readonly kept: T;
}

/** Where the first labels of a set lead: on by the next label, or to what is kept. */
interface Place<T> {
  readonly next: Map<string, Place<T>>;
  kept?: T;
}

/**
 * What is kept for each set of labels, for so many sets and no more: a set that comes when the room is used up shares one place with all
 * others that did. So memory is bounded whatever the labels are made of.
 *
 * A set is found label by label: a name that joins them would be made anew, and hashed, for each request.
 */
export class LabelSets<T> {
  readonly #first: Place<T> = { next: new Map() };
  readonly #all: Array<LabelSet<T>> = [];
  readonly #max: number;
  readonly #create: (labels: readonly string[]) => T;
  #overflow: LabelSet<T> | undefined;
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

  /** All sets, in the order in which they came, and what the others share behind them. */
  get all(): ReadonlyArray<LabelSet<T>> {
    return this.#overflow ? [...this.#all, this.#overflow] : this.#all;
  }

  /** What is kept for a set; the number of labels is always the same. */
  of(...labels: readonly string[]): T {
    let place: Place<T> | undefined = this.#first;
    for (const label of labels) {
      place = place.next.get(label);
      if (place === undefined) return this.#add(labels);
    }
    return place.kept ?? this.#add(labels);
  }

  #add(labels: readonly string[]): T {
    if (this.#all.length >= this.#max) {
      this.#overflowed += 1;
      this.#overflow ??= this.#made(labels.map(() => OVERFLOW));
      return this.#overflow.kept;
    }
    const set = this.#made(labels);
    this.#all.push(set);
    let place = this.#first;
    for (const label of labels) {
      let next = place.next.get(label);
      if (!next) {
        next = { next: new Map() };
        place.next.set(label, next);
      }
      place = next;
    }
    place.kept = set.kept;
    return set.kept;
  }

  #made(labels: readonly string[]): LabelSet<T> {
    return { labels, kept: this.#create(labels) };
  }
}
