import {
  errorKindOfStatus,
  type CanonicalError,
  type ErrorKind,
} from '../canonical/error';
import { isJsonObject, stringOf } from '../canonical/json';
import type { AnthropicErrorBody } from './wire';

const UNTOLD = 'The provider gave no reason.';

const ERRORS: Readonly<
  Record<ErrorKind, { readonly status: number; readonly type: string }>
> = {
  invalidRequest: { status: 400, type: 'invalid_request_error' },
  authentication: { status: 401, type: 'authentication_error' },
  billing: { status: 402, type: 'billing_error' },
  permission: { status: 403, type: 'permission_error' },
  notFound: { status: 404, type: 'not_found_error' },
  conflict: { status: 409, type: 'conflict_error' },
  tooLarge: { status: 413, type: 'request_too_large' },
  rateLimit: { status: 429, type: 'rate_limit_error' },
  timeout: { status: 504, type: 'timeout_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  api: { status: 500, type: 'api_error' },
};

const KINDS: ReadonlyMap<string, ErrorKind> = new Map(
  Object.entries(ERRORS).map(([kind, { type }]) => [type, kind as ErrorKind]),
);

/**
 * What an answer of this dialect that is no success says. What it says of credentials and accounts is about the gateway's, not its
 * client's: who may see what of it is the caller's to decide.
 */
export function readError(status: number, body: unknown): CanonicalError {
  const told = isJsonObject(body) ? readErrorObject(body.error) : undefined;
  return {
    message: told?.message ?? UNTOLD,
    param: null,
    code: null,
    kind: told?.known ? told.kind : errorKindOfStatus(status),
  };
}

/** Reads the `error` of a body or of an event in a stream; `undefined` when it is none. */
export function readErrorObject(
  error: unknown,
): (CanonicalError & { readonly known: boolean }) | undefined {
  if (!isJsonObject(error)) return undefined;
  const kind = KINDS.get(stringOf(error, 'type') ?? '');
  return {
    kind: kind ?? 'api',
    known: kind !== undefined,
    message: stringOf(error, 'message') || UNTOLD,
    param: null,
    code: null,
  };
}

/** Writes an error body, which is also the data of an `error` event. Anthropic has no member for the field at fault: the message names it. */
export function writeErrorBody(
  error: CanonicalError,
  requestId: string | null,
): AnthropicErrorBody {
  return {
    type: 'error',
    error: { type: writeErrorType(error.kind), message: error.message },
    request_id: requestId,
  };
}

/** The status that goes with a kind. */
export function writeErrorStatus(kind: ErrorKind): number {
  return ERRORS[kind].status;
}

/** The `type` that goes with a kind. */
export function writeErrorType(kind: ErrorKind): string {
  return ERRORS[kind].type;
}
