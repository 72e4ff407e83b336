const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;
const N = 0x6e;

/** The names that a scan looks for. */
export interface ScannedNames {
  /** Of members that hold what a model generated. */
  readonly texts: readonly string[];
  /** Of members that matter by being there with a value other than `null`, which many send with every chunk. At most 30. */
  readonly marks: readonly string[];
}

interface Name {
  readonly bytes: Buffer;
  /** 0 for one that holds text. */
  readonly mark: number;
}

/**
 * Looks through JSON, once and from its first byte to its last, for the text in it and for members that matter.
 *
 * A look at quotes and names, not a parse: this runs on every event of every stream, and most of what it finds is never needed. A quote
 * within a string is escaped, so that names and values cannot be mistaken for one another; where a member stands does not matter. What is
 * no JSON, or a piece of one, is looked through all the same.
 */
export class ChunkScanner {
  /** By their length. */
  readonly #names: ReadonlyArray<readonly Name[] | undefined>;
  #textBytes = 0;

  constructor({ texts, marks }: ScannedNames) {
    const names: Name[][] = [];
    const add = (name: string, mark: number) => {
      const bytes = Buffer.from(name);
      (names[bytes.length] ??= []).push({ bytes, mark });
    };
    for (const name of texts) add(name, 0);
    marks.forEach((name, index) => add(name, 1 << index));
    this.#names = Array.from(names);
  }

  /** Bytes of text in what was scanned last. */
  get textBytes(): number {
    return this.#textBytes;
  }

  /** @returns the marks that were found: the first of them is 1, the second 2, the third 4 … */
  scan(json: Buffer, from: number = 0, to: number = json.length): number {
    let marks = 0;
    let textBytes = 0;
    let at = from;
    while (at < to) {
      if (json[at] !== QUOTE) {
        at += 1;
        continue;
      }
      const start = at + 1;
      const end = endOfString(json, start, to);
      at = end + 1;
      let value = at;
      while (value < to && json[value] <= SPACE) value += 1;
      if (json[value] !== COLON || value >= to) continue;
      const name = this.#find(json, start, end);
      if (name === undefined) {
        at = value + 1;
        continue;
      }
      do value += 1;
      while (value < to && json[value] <= SPACE);
      at = value;
      if (name > 0) {
        if (value < to && json[value] !== N) marks |= name;
      } else if (value < to && json[value] === QUOTE) {
        at = endOfString(json, value + 1, to);
        textBytes += at - value - 1;
        at += 1;
      }
    }
    this.#textBytes = textBytes;
    return marks;
  }

  /** The mark of a name; 0 when it is that of text. */
  #find(json: Buffer, start: number, end: number): number | undefined {
    const candidates = this.#names[end - start];
    if (!candidates) return undefined;
    for (const { bytes, mark } of candidates) {
      let at = 0;
      while (at < bytes.length && json[start + at] === bytes[at]) at += 1;
      if (at === bytes.length) return mark;
    }
    return undefined;
  }
}

/** Where the quote is that ends a string, or the end of a piece that has none. */
function endOfString(json: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at < to ? at : to;
}
