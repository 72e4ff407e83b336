import type { UpstreamBody } from './UpstreamBody';

/** What came of sending a request upstream. */
export type UpstreamAnswer =
  /** A stream of events, of which only the head has come. */
  | { readonly kind: 'stream'; readonly body: UpstreamBody }
  /** An answer that is not streamed, or one with a status that is no success. */
  | WholeBody
  /** A success of another content type than was asked for; it is not read. */
  | { readonly kind: 'mistyped'; readonly contentType: string }
  | UpstreamFailed;

/** A body that was read, up to so many bytes. */
export interface WholeBody {
  readonly kind: 'whole';
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly bytes: Buffer;
  /**
   * - `whole`: to its end
   * - `too-large`: there is more, which is not read, and its connection is given up
   * - `cut-off`: the connection broke, was silent for too long, or was given up
   */
  readonly extent: 'whole' | 'too-large' | 'cut-off';
}

/** There is not even the head of an answer. */
export interface UpstreamFailed {
  readonly kind: 'failed';
  readonly failure: UpstreamFailure;
  /** Whether the request has been written to a connection, if only in part; until then the upstream knows nothing of it. */
  readonly asked: boolean;
  /** For the log. */
  readonly detail: string;
}

/**
 * - `unreachable`: no connection was made, so that nothing can have been asked
 * - `refused`: the address is one that is never connected to
 * - `timeout`: connected and asked, and no answer in time
 * - `broken`: connected, and the connection ended without an answer
 * - `aborted`: we gave up, in whatever phase
 */
export type UpstreamFailure =
  'unreachable' | 'refused' | 'timeout' | 'broken' | 'aborted';

/**
 * What an error of a connection comes to.
 *
 * @param asked - whether the request had been written to it
 */
export function failureOf(error: unknown, asked: boolean): UpstreamFailure {
  // Also when what comes is not HTTP, or has headers without an end.
  if (asked) return 'broken';
  switch (codeOf(error)) {
    case 'EADDRREFUSED':
      return 'refused';
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
      return 'broken';
    default:
      // A name that does not resolve, a port that nobody listens on, a certificate that is not trusted, a connection not made in time.
      return 'unreachable';
  }
}

/** For the log. */
export function describeError(error: unknown): string {
  const first =
    error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return first instanceof Error ? first.message : String(first);
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
    ? error.code
    : undefined;
}
