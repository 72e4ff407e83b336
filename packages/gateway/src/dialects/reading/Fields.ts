import { isJsonObject, type JsonObject } from '../canonical/json';
import type { Problems } from '../refusal';

/** Bounds of a number. */
export interface NumberRule {
  readonly whole?: boolean;
  readonly min?: number;
  readonly max?: number;
}

/** One value of a list, and where it stands. */
export interface Element {
  readonly value: unknown;
  readonly at: string;
}

/**
 * The members of an object that a client sent. What is not as it must be is reported by its path, and a placeholder is given in its place.
 * `null` counts as absent, as the SDKs write it. {@link Fields.refuseRest} reports every member that nobody has asked for.
 */
export class Fields {
  readonly at: string;
  readonly #object: JsonObject;
  readonly #problems: Problems;
  readonly #known = new Set<string>();

  private constructor(object: JsonObject, at: string, problems: Problems) {
    this.#object = object;
    this.at = at;
    this.#problems = problems;
  }

  static of(value: unknown, at: string, problems: Problems): Fields {
    if (!isJsonObject(value)) {
      problems.add({
        code: 'invalid_type',
        param: at,
        expected: 'an object',
        got: kindOf(value),
      });
    }
    return new Fields(isJsonObject(value) ? value : {}, at, problems);
  }

  path(name: string): string {
    return this.at === '' ? name : `${this.at}.${name}`;
  }

  /** The value as it is, `undefined` when it is absent or `null`. */
  raw(name: string): unknown {
    this.#known.add(name);
    // A name such as 'constructor' must not find what every object inherits.
    return Object.hasOwn(this.#object, name)
      ? (this.#object[name] ?? undefined)
      : undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  string(name: string): string {
    const value = this.optionalString(name);
    if (value === undefined) this.#missing(name);
    return value ?? '';
  }

  optionalString(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string') return value;
    this.#wrong(name, 'a string', value);
    return undefined;
  }

  /** One of a set of words; what is another is an invalid value. */
  word<W extends string>(name: string, words: readonly W[]): W | undefined {
    const value = this.optionalString(name);
    if (value === undefined) return undefined;
    const found = words.find(word => word === value);
    if (found === undefined) {
      this.#problems.invalid(
        this.path(name),
        `must be one of ${words.join(', ')}`,
      );
    }
    return found;
  }

  boolean(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.#wrong(name, 'a boolean', value);
    return undefined;
  }

  number(name: string, rule: NumberRule = {}): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const { whole = false, min, max } = rule;
    if (typeof value !== 'number') {
      this.#wrong(name, whole ? 'a whole number' : 'a number', value);
      return undefined;
    }
    if (
      !Number.isFinite(value) ||
      (whole && !Number.isSafeInteger(value)) ||
      (min !== undefined && value < min) ||
      (max !== undefined && value > max)
    ) {
      this.#problems.invalid(this.path(name), `must be ${inWords(rule)}`);
      return undefined;
    }
    return value;
  }

  object(name: string): Fields | undefined {
    const value = this.raw(name);
    return value === undefined
      ? undefined
      : Fields.of(value, this.path(name), this.#problems);
  }

  /** An object whose members are not ours to know, such as a schema. */
  json(name: string): JsonObject | undefined {
    const value = this.raw(name);
    if (value === undefined || isJsonObject(value)) return value;
    this.#wrong(name, 'an object', value);
    return undefined;
  }

  list(name: string): readonly Element[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      this.#wrong(name, 'an array', value);
      return undefined;
    }
    const path = this.path(name);
    return value.map((element: unknown, index) => ({
      value: element,
      at: `${path}[${index}]`,
    }));
  }

  strings(name: string): readonly string[] | undefined {
    return this.list(name)?.map(({ value, at }) => {
      if (typeof value === 'string') return value;
      this.#problems.add({
        code: 'invalid_type',
        param: at,
        expected: 'a string',
        got: kindOf(value),
      });
      return '';
    });
  }

  /** Members that are known and may be left out, whatever they hold. */
  ignore(names: Iterable<string>): void {
    for (const name of names) this.#known.add(name);
  }

  /** Refuses a member that is known and cannot be translated. */
  refuse(name: string, reason: string): void {
    if (this.has(name)) this.#problems.unsupported(this.path(name), reason);
  }

  /** Refuses all members that nothing has been asked of. */
  refuseRest(): void {
    for (const name of Object.keys(this.#object)) {
      if (this.#known.has(name) || this.#object[name] === null) continue;
      this.#problems.unsupported(
        this.path(name.slice(0, 100)),
        'is not known here, and cannot be translated for the provider of this model',
      );
    }
  }

  #missing(name: string): void {
    // Of the wrong type has been reported already, and the first report counts.
    this.#problems.add({ code: 'missing_parameter', param: this.path(name) });
  }

  #wrong(name: string, expected: string, value: unknown): void {
    this.#problems.add({
      code: 'invalid_type',
      param: this.path(name),
      expected,
      got: kindOf(value),
    });
  }
}

/** What a value is, in JSON's words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function inWords({ whole, min, max }: NumberRule): string {
  const what = whole ? 'a whole number' : 'a number';
  if (min !== undefined && max !== undefined) {
    return `${what} from ${min} to ${max}`;
  }
  if (min !== undefined) return `${what} of at least ${min}`;
  return max !== undefined ? `${what} of at most ${max}` : what;
}
