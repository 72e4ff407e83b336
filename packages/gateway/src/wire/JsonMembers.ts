/** What a JSON value is, by its first byte. */
export type JsonKind =
  'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** One member of an object: its name, and where its value stands in the bytes that were scanned. */
export interface JsonMember {
  readonly name: string;
  readonly kind: JsonKind;
  /** Offset of the value's first byte. */
  readonly start: number;
  /** Offset just after the value's last byte. */
  readonly end: number;
}

/** From so many members on, they are found by a map. */
const MANY = 16;

/**
 * The members of an object, in their order. There are mostly so few that one is found sooner by comparing its name with each than by a map,
 * which would have to be made first.
 */
export class JsonMembers {
  readonly #all: JsonMember[] = [];
  #byName: Map<string, JsonMember> | undefined;

  get size(): number {
    return this.#all.length;
  }

  get(name: string): JsonMember | undefined {
    if (this.#byName) return this.#byName.get(name);
    for (const member of this.#all) if (member.name === name) return member;
    return undefined;
  }

  /** Adds a member whose name is not there yet. */
  add(member: JsonMember): void {
    this.#all.push(member);
    if (this.#byName) {
      this.#byName.set(member.name, member);
    } else if (this.#all.length === MANY) {
      this.#byName = new Map(this.#all.map(one => [one.name, one]));
    }
  }

  values(): IterableIterator<JsonMember> {
    return this.#all.values();
  }
}
