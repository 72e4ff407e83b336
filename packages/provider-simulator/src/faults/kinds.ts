/**
 * The faults that can be asked for, each with its numeric parameters and their defaults. The first parameter
 * may also be written as a suffix of the kind: `status-429` is `status;code=429`.
 */
export const FAULT_KINDS = {
  /** An error status instead of an answer. `retry-after` is in seconds; 0 leaves the header out. */
  status: { code: 500, 'retry-after': 0 },
  /** One data line that is not valid JSON, in the place of a chunk; without a stream, a body that breaks off inside its JSON. */
  'malformed-sse': { chunks: 3 },
  /** The connection is broken after some chunks, or some bytes of the body if `bytes` is not 0. */
  cut: { chunks: 3, bytes: 0 },
  /** Nothing more is sent after some chunks; the connection stays open until the client closes it. */
  stall: { chunks: 3 },
  /** The answer dribbles: so many bytes at a time, so many milliseconds between. */
  slow: { bytes: 1, ms: 1 },
  /** No usage, though it was asked for. */
  'no-usage': {},
  /** A usage in which every number is 0. */
  'zero-usage': {},
  /** One chunk (or body) whose content has about this many bytes. */
  giant: { size: 4_194_304 },
  /** An HTML page with this status instead of an answer. */
  html: { code: 200 },
  /** After some chunks an error event ends the stream; without a stream, an error body with status 200. */
  'error-in-stream': { chunks: 3 },
  /** The stream ends properly but without `[DONE]`. */
  'no-done': {},
  /** The request is read and never answered, not even with headers. */
  hang: {},
} as const satisfies Record<string, Readonly<Record<string, number>>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export interface Fault {
  readonly kind: FaultKind;
  /** Every parameter of the kind, defaults filled in. */
  readonly parameters: Readonly<Record<string, number>>;
}
