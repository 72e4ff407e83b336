/**
 * The faults that can be asked for, each with its numeric parameters and their defaults. The first parameter
 * may also be written as a suffix of the kind: `status-429` is `status;code=429`.
 */
export const FAULT_KINDS = {
  /** An error status instead of an answer. `retry-after` is in seconds; 0 leaves the header out. */
  status: { code: 500, 'retry-after': 0 },
  /** One data line that is not valid JSON, in the place of a chunk; without a stream, a body that breaks off inside its JSON. */
  'malformed-sse': { chunks: 3 },
  /** The connection is broken after some chunks, or after some bytes of the body (0 included) where `bytes` is given. */
  cut: { chunks: 3, bytes: 0 },
  /** The connection is broken after so many bytes of the response's head. */
  'cut-head': { bytes: 20 },
  /** Header after header, each of so many bytes, so many milliseconds between, until the client gives up. */
  'endless-headers': { size: 128, ms: 1 },
  /** Nothing more is sent after some chunks; the connection stays open until the client closes it. */
  stall: { chunks: 3 },
  /** The answer dribbles: so many bytes at a time, so many milliseconds between. */
  slow: { bytes: 1, ms: 1 },
  /** No usage, though it was asked for. */
  'no-usage': {},
  /** A usage in which every number is 0. */
  'zero-usage': {},
  /** A usage that cannot be: 1 is enormous, 2 negative, 3 fractional, 4 in strings, 5 null. */
  'absurd-usage': { form: 1 },
  /** A stream labelled as JSON, a body labelled as a stream. */
  'wrong-content-type': {},
  /** One chunk (or body) whose content has about this many bytes. */
  giant: { size: 4_194_304 },
  /** An HTML page with this status instead of an answer. */
  html: { code: 200 },
  /** After some chunks an error event ends the stream; without a stream, an error body with status 200. */
  'error-in-stream': { chunks: 3 },
  /** The same before any content: after so many chunks, or as many as there are before the first token. */
  'error-before-content': { chunks: 0 },
  /** The stream ends properly but without its last event: `[DONE]`, `message_stop`. */
  'no-done': {},
  /** The request is read and never answered, not even with headers. */
  hang: {},
} as const satisfies Record<string, Readonly<Record<string, number>>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export interface Fault {
  readonly kind: FaultKind;
  /** Every parameter of the kind, defaults filled in; but for `cut`, whose `bytes`, where given, stand without `chunks`. */
  readonly parameters: Readonly<Record<string, number>>;
}
