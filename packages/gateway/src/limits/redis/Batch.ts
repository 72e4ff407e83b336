import type { LimitCounter } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { LETTERS } from './codes';
import type { KeyNames } from './KeyNames';

/**
 * The arguments of one call of the script, as operations write them one after the other: the keys, each once, and a row of numbers.
 *
 * Numbers are sent as doubles of eight bytes, which hold every amount exactly and cost nothing to write and to read.
 */
export class Batch {
  readonly #names: KeyNames;
  /** Their places among KEYS, which begin at 1. */
  readonly #places = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #numbers: number[] = [];
  #letters = '';

  constructor(names: KeyNames) {
    this.#names = names;
    this.#placeOf(names.clock, LETTERS.clock);
  }

  get keys(): readonly string[] {
    return this.#keys;
  }

  /** What each key is. */
  get letters(): string {
    return this.#letters;
  }

  number(value: number): void {
    this.#numbers.push(value);
  }

  counter(counter: LimitCounter): void {
    const key = this.#names.ofCounter(counter);
    this.#numbers.push(this.#placeOf(key, LETTERS[counter.window]));
  }

  hold(id: string): void {
    this.#numbers.push(this.#placeOf(this.#names.ofHold(id), LETTERS.hold));
  }

  /** The numbers as they are sent. */
  bytes(): Buffer {
    const numbers = this.#numbers;
    const bytes = new DataView(new ArrayBuffer(numbers.length * 8));
    for (let n = 0; n < numbers.length; n += 1) {
      bytes.setFloat64(n * 8, numbers[n], true);
    }
    return Buffer.from(bytes.buffer);
  }

  #placeOf(key: string, letter: string | undefined): number {
    const place = this.#places.get(key);
    if (place !== undefined) return place;
    // One letter is one key: without it, all that follow would be taken for others.
    if (!letter) throw new TypeError(`Nobody knows what ${key} is`);
    this.#keys.push(key);
    this.#letters += letter;
    this.#places.set(key, this.#keys.length);
    return this.#keys.length;
  }
}
