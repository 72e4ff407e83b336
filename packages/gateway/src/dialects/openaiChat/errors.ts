import {
  errorKindOfStatus,
  type CanonicalError,
  type ErrorKind,
} from '../canonical/error';
import { isJsonObject, stringOf } from '../canonical/json';
import type { OpenAiErrorBody } from './wire';

const UNTOLD = 'The provider gave no reason.';

const ERRORS: Readonly<
  Record<ErrorKind, { readonly status: number; readonly type: string }>
> = {
  invalidRequest: { status: 400, type: 'invalid_request_error' },
  authentication: { status: 401, type: 'authentication_error' },
  billing: { status: 429, type: 'insufficient_quota' },
  permission: { status: 403, type: 'permission_error' },
  notFound: { status: 404, type: 'not_found_error' },
  conflict: { status: 409, type: 'conflict_error' },
  tooLarge: { status: 413, type: 'invalid_request_error' },
  rateLimit: { status: 429, type: 'rate_limit_error' },
  timeout: { status: 504, type: 'timeout_error' },
  overloaded: { status: 503, type: 'overloaded_error' },
  api: { status: 500, type: 'server_error' },
};

/**
 * What an answer of this dialect that is no success says. What it says of credentials and accounts is about the gateway's, not its
 * client's: who may see what of it is the caller's to decide.
 */
export function readError(status: number, body: unknown): CanonicalError {
  const told = isJsonObject(body) ? readErrorObject(body.error ?? body) : null;
  return {
    message: told?.message ?? UNTOLD,
    param: told?.param ?? null,
    code: told?.code ?? null,
    kind: errorKindOfStatus(status),
  };
}

/** Reads the `error` of a body, of an answer with a status of success, or of an event in a stream; `undefined` when it is none. */
export function readErrorObject(error: unknown): CanonicalError | undefined {
  if (typeof error === 'string' && error !== '') {
    return { kind: 'api', message: error, param: null, code: null };
  }
  if (!isJsonObject(error)) return undefined;
  const code = stringOf(error, 'code') ?? null;
  // Some put the status into the code.
  const status = Number(error.code ?? error.status);
  return {
    kind:
      kindOfWord(stringOf(error, 'type')) ??
      kindOfWord(code ?? undefined) ??
      (status >= 400 && status < 600 ? errorKindOfStatus(status) : 'api'),
    message: stringOf(error, 'message') || UNTOLD,
    param: stringOf(error, 'param') ?? null,
    code,
  };
}

/** Writes an error body, which is also that of an error in mid-stream. */
export function writeErrorBody(error: CanonicalError): OpenAiErrorBody {
  return {
    error: {
      message: error.message,
      type: writeErrorType(error.kind),
      param: error.param,
      code: error.code,
    },
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

/** The words of OpenAI, and of the many who speak its dialect with words of their own. */
function kindOfWord(word: string | undefined): ErrorKind | undefined {
  switch (word) {
    case 'invalid_request_error':
    case 'BadRequestError':
    case 'context_length_exceeded':
      return 'invalidRequest';
    case 'authentication_error':
    case 'invalid_api_key':
      return 'authentication';
    case 'insufficient_quota':
      return 'billing';
    case 'permission_error':
      return 'permission';
    case 'not_found_error':
    case 'NotFoundError':
    case 'model_not_found':
      return 'notFound';
    case 'conflict_error':
      return 'conflict';
    case 'rate_limit_error':
    case 'rate_limit_exceeded':
    case 'requests':
    case 'tokens':
      return 'rateLimit';
    case 'timeout_error':
      return 'timeout';
    case 'overloaded_error':
    case 'service_unavailable':
      return 'overloaded';
    case 'server_error':
    case 'InternalServerError':
      return 'api';
    default:
      return undefined;
  }
}
