import { isUtf8 } from 'node:buffer';
import { refuse, type Refusal } from '../errors/registry';
import { estimateInputTokens } from '../metering/estimate';
import {
  MAX_JSON_MEMBERS,
  scanJsonObject,
  textOf,
  valueOf,
  type JsonKind,
  type JsonMember,
  type JsonObjectScan,
  type JsonScanProblem,
} from '../wire/jsonScan';
import { skipSpace } from '../wire/jsonSkip';

const MAX_MODEL_LENGTH = 255;
/** Of a body that was taken, and into which one more has been put. */
export const MAX_EDITED_MEMBERS = MAX_JSON_MEMBERS + 1;
/** Enough for any model name in escapes, and too little to cost anything to parse. */
const MAX_SMALL_VALUE_BYTES = 4_096;

export type ScannedRequest =
  | { readonly ok: true; readonly fields: RequestFields }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * The members of a request that the gateway looks at, of a body that is scanned and not parsed. The first thing that is wrong is kept, by
 * the name of its field, and a placeholder is given in its place; {@link RequestFields.problem} tells it at the end.
 */
export class RequestFields {
  readonly bytes: Buffer;
  readonly object: JsonObjectScan;
  #problem: Refusal | undefined;

  private constructor(bytes: Buffer, object: JsonObjectScan) {
    this.bytes = bytes;
    this.object = object;
  }

  /** @param mostMembers - of the body itself */
  static scan(
    bytes: Buffer,
    mostMembers: number = MAX_JSON_MEMBERS,
  ): ScannedRequest {
    if (!isUtf8(bytes)) {
      return { ok: false, refusal: refuse('invalid_encoding', {}) };
    }
    const scan = scanJsonObject(
      bytes,
      0,
      bytes.length,
      'unique-names',
      mostMembers,
    );
    return scan.ok
      ? { ok: true, fields: new RequestFields(bytes, scan.object) }
      : { ok: false, refusal: jsonRefusal(scan.problem) };
  }

  get problem(): Refusal | undefined {
    return this.#problem;
  }

  refuse(refusal: Refusal): void {
    this.#problem ??= refusal;
  }

  member(name: string): JsonMember | undefined {
    return this.object.members.get(name);
  }

  /** A member that must be there, whatever it holds. */
  present(name: string): void {
    if (!this.member(name)) {
      this.refuse(refuse('missing_parameter', { param: name }));
    }
  }

  model(): string {
    this.present('model');
    const model = this.member('model');
    if (!model) return '';
    if (model.kind !== 'string') {
      this.#wrong('model', 'a string', model);
      return '';
    }
    if (isSmall(model)) {
      const name = textOf(this.bytes, model.start, model.end);
      if (name.length > 0 && name.length <= MAX_MODEL_LENGTH) return name;
    }
    this.#invalid('model', `must have 1 to ${MAX_MODEL_LENGTH} characters`);
    return '';
  }

  /** A member that must be there and be one of these kinds; a list must hold something. */
  required(
    name: string,
    kinds: readonly JsonKind[],
    expected: string,
    element: string,
  ): void {
    this.present(name);
    const member = this.member(name);
    if (!member) return;
    if (!kinds.includes(member.kind)) {
      this.#wrong(name, expected, member);
    } else if (member.kind === 'array' && isEmptyArray(this.bytes, member)) {
      this.#invalid(name, `must hold at least one ${element}`);
    }
  }

  flag(name: string): boolean {
    const member = this.member(name);
    if (!member || member.kind === 'null') return false;
    if (member.kind === 'boolean') return valueOf(this.bytes, member) === true;
    this.#wrong(name, 'a boolean', member);
    return false;
  }

  /** A whole number; `null` when it is absent or `null`. */
  count(name: string, least: number = 1): number | null {
    const member = this.member(name);
    if (!member || member.kind === 'null') return null;
    if (member.kind !== 'number') {
      this.#wrong(name, 'a whole number', member);
      return null;
    }
    const value = isSmall(member) ? Number(valueOf(this.bytes, member)) : NaN;
    if (Number.isSafeInteger(value) && value >= least) return value;
    this.#invalid(name, `must be a whole number of at least ${least}`);
    return null;
  }

  /** OpenAI's `stream_options.include_usage`. */
  includeUsage(streamed: boolean): boolean {
    const options = this.member('stream_options');
    if (!options || options.kind === 'null') return false;
    if (options.kind !== 'object') {
      this.#wrong('stream_options', 'an object', options);
      return false;
    }
    if (!streamed) {
      this.#invalid('stream_options', "is only allowed when 'stream' is true");
      return false;
    }
    const inner = scanJsonObject(this.bytes, options.start, options.end);
    if (!inner.ok) {
      // Only a name that stands twice, or too many of them, can be wrong here: the text itself has been scanned.
      this.refuse(jsonRefusal(inner.problem, 'stream_options.'));
      return false;
    }
    const asked = inner.object.members.get('include_usage');
    if (!asked || asked.kind === 'null') return false;
    if (asked.kind === 'boolean') return valueOf(this.bytes, asked) === true;
    this.#wrong('stream_options.include_usage', 'a boolean', asked);
    return false;
  }

  /** Tokens of what a model is given to read in these members. */
  estimatedTokensOf(...names: string[]): number {
    const parts: JsonMember[] = [];
    for (const name of names) {
      const member = this.member(name);
      if (member) parts.push(member);
    }
    return estimateInputTokens(this.bytes, parts);
  }

  #wrong(param: string, expected: string, member: JsonMember): void {
    this.refuse(refuse('invalid_type', { param, expected, got: member.kind }));
  }

  #invalid(param: string, reason: string): void {
    this.refuse(refuse('invalid_parameter', { param, reason }));
  }
}

function jsonRefusal(problem: JsonScanProblem, prefix: string = ''): Refusal {
  switch (problem.kind) {
    case 'invalid':
      return refuse('invalid_json', { offset: problem.offset });
    case 'not-an-object':
      return refuse('body_not_an_object', {});
    case 'duplicate-member':
      return refuse('duplicate_parameter', {
        param: `${prefix}${problem.name.slice(0, 100)}`,
      });
    case 'too-deep':
      return refuse('body_too_deep', { limit: problem.limit });
    case 'too-many-members':
      return refuse('too_many_parameters', { limit: problem.limit });
    default: {
      const impossible: never = problem;
      throw new TypeError(`Unknown problem: ${JSON.stringify(impossible)}`);
    }
  }
}

function isSmall({ start, end }: JsonMember): boolean {
  return end - start <= MAX_SMALL_VALUE_BYTES;
}

function isEmptyArray(bytes: Buffer, { start, end }: JsonMember): boolean {
  // Valid JSON: an array without members has nothing but space between its brackets.
  return skipSpace(bytes, start + 1, end) === end - 1;
}
