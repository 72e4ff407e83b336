/** Reads what a script returned; `-1` stands for `null` there. */
export class Reply {
  readonly #values: readonly unknown[];
  #at = 0;

  constructor(value: unknown) {
    if (!Array.isArray(value)) throw unexpected(value);
    this.#values = value;
  }

  get ended(): boolean {
    return this.#at >= this.#values.length;
  }

  text(): string {
    const value = this.#values[this.#at];
    if (typeof value !== 'string') throw unexpected(value);
    this.#at += 1;
    return value;
  }

  number(): number {
    const value = this.#values[this.#at];
    if (typeof value !== 'number') throw unexpected(value);
    this.#at += 1;
    return value;
  }

  nullable(): number | null {
    const value = this.number();
    return value === -1 ? null : value;
  }
}

function unexpected(value: unknown): TypeError {
  return new TypeError(`Not what the scripts return: ${JSON.stringify(value)}`);
}
