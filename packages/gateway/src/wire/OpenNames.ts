import { textOf } from './jsonText';

/** More names than these in one object are kept as texts. */
const MOST_COMPARED = 16;
const AS_TEXTS = MOST_COMPARED + 1;
const BACKSLASH = 0x5c;

/** What a name is to its object. */
export type NameVerdict = 'new' | 'again' | 'too-many';

/**
 * The names of the objects that a scan is in, by how deep they are, to find one that stands twice.
 *
 * Most objects have few members. Of those only the places of the names are kept, and a name is compared with all before it; nothing is
 * allocated. Where there are more, or a name has an escape in it, the names of that object are kept as texts, of which there is a limit:
 * each costs as much as a hundred bytes that are only looked at.
 */
export class OpenNames {
  readonly #most: number;
  /** Two for each name: where it starts and ends. */
  readonly #places: Uint32Array;
  readonly #counts: Uint8Array;
  readonly #texts = new Map<number, Set<string>>();

  /** @param most - names in one object */
  constructor(depths: number, most: number) {
    this.#most = most;
    this.#places = new Uint32Array(depths * MOST_COMPARED * 2);
    this.#counts = new Uint8Array(depths);
  }

  /** An object begins. */
  open(depth: number): void {
    this.#counts[depth] = 0;
  }

  /** Adds a name of the object that is open at this depth, from its opening quote to after its closing one. */
  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    depth: number,
  ): NameVerdict {
    const count = this.#counts[depth];
    if (count >= MOST_COMPARED || hasEscape(bytes, start, end)) {
      return this.#addText(bytes, start, end, depth);
    }
    const places = this.#places;
    const first = depth * MOST_COMPARED * 2;
    const next = first + count * 2;
    for (let place = first; place < next; place += 2) {
      if (places[place + 1] - places[place] !== end - start) continue;
      if (isSame(bytes, places[place], start, end)) return 'again';
    }
    places[next] = start;
    places[next + 1] = end;
    this.#counts[depth] = count + 1;
    return 'new';
  }

  /** Forgets what it holds in memory. */
  clear(): void {
    if (this.#texts.size > 0) this.#texts.clear();
  }

  #addText(
    bytes: Uint8Array,
    start: number,
    end: number,
    depth: number,
  ): NameVerdict {
    const texts = this.#textsAt(bytes, depth);
    const text = textOf(bytes, start, end);
    if (texts.has(text)) return 'again';
    if (texts.size === this.#most) return 'too-many';
    texts.add(text);
    return 'new';
  }

  #textsAt(bytes: Uint8Array, depth: number): Set<string> {
    const count = this.#counts[depth];
    const known = count === AS_TEXTS ? this.#texts.get(depth) : undefined;
    if (known) return known;
    const texts = new Set<string>();
    const first = depth * MOST_COMPARED * 2;
    for (let place = first; place < first + count * 2; place += 2) {
      texts.add(textOf(bytes, this.#places[place], this.#places[place + 1]));
    }
    this.#texts.set(depth, texts);
    this.#counts[depth] = AS_TEXTS;
    return texts;
  }
}

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) return true;
  }
  return false;
}

function isSame(
  bytes: Uint8Array,
  other: number,
  start: number,
  end: number,
): boolean {
  for (let at = start, to = other; at < end; at++, to++) {
    if (bytes[at] !== bytes[to]) return false;
  }
  return true;
}
