import type { CanonicalRequest, OptionName } from './canonical/request';

/**
 * Why a request cannot be read or translated, with the field as the client wrote it. The codes and details are those of the gateway's
 * error registry.
 */
export type DialectRefusal =
  | { readonly code: 'missing_parameter'; readonly param: string }
  | {
      readonly code: 'invalid_type';
      readonly param: string;
      readonly expected: string;
      readonly got: string;
    }
  | {
      readonly code: 'invalid_parameter';
      readonly param: string;
      /** Goes on from 'it'. */
      readonly reason: string;
    }
  | {
      /** Well formed, but this model's provider has no way to do it. */
      readonly code: 'unsupported_parameter';
      readonly param: string;
      /** Goes on from 'it'. */
      readonly reason: string;
    };

/** A value, or why there is none: nothing here throws on what a client or a provider sent. */
export type Translated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: DialectRefusal };

/**
 * The first thing that was wrong. Readers and writers go on to the end, with placeholders that are never used once something has been
 * reported, so that the code which reads a shape reads like the shape.
 */
export class Problems {
  #first: DialectRefusal | undefined;

  add(refusal: DialectRefusal): void {
    this.#first ??= refusal;
  }

  invalid(param: string, reason: string): void {
    this.add({ code: 'invalid_parameter', param, reason });
  }

  unsupported(param: string, reason: string): void {
    this.add({ code: 'unsupported_parameter', param, reason });
  }

  /** An option that the dialect at hand has no word for. */
  unsupportedOption(
    request: CanonicalRequest,
    option: OptionName,
    reason: string,
  ): void {
    this.unsupported(request.names[option] ?? option, reason);
  }

  result<T>(value: T): Translated<T> {
    return this.#first
      ? { ok: false, refusal: this.#first }
      : { ok: true, value };
  }
}
