import { sseEvent } from '../wire/sse';
import type { Refusal } from './registry';

/** In whose words a refusal is told. */
export type ErrorShape = 'openai' | 'anthropic';

/** A refusal as a body. */
export function errorBody(
  shape: ErrorShape,
  refusal: Refusal,
  requestId: string,
): string {
  return JSON.stringify(
    shape === 'openai'
      ? openAiError(refusal, requestId)
      : anthropicError(refusal, requestId),
  );
}

/** A refusal as the last event of a stream. */
export function errorEvent(
  shape: ErrorShape,
  refusal: Refusal,
  requestId: string,
): string {
  const event = sseEvent(errorBody(shape, refusal, requestId));
  return shape === 'openai' ? event : `event: error\n${event}`;
}

/** A refusal of what is not even a request, so that nobody knows who asks: the SDKs of both read it. */
export function errorBodyForAnyone(
  refusal: Refusal,
  requestId: string,
): string {
  return JSON.stringify({
    type: 'error',
    ...openAiError(refusal, requestId),
    request_id: requestId,
  });
}

function openAiError(refusal: Refusal, requestId: string) {
  return {
    error: {
      message: refusal.message,
      type: refusal.type,
      param: refusal.param,
      code: refusal.code,
      request_id: requestId,
      ...refusal.details,
    },
  };
}

/** The code and the field at fault are not Anthropic's; they are as stable here as in the other shape. */
function anthropicError(refusal: Refusal, requestId: string) {
  return {
    type: 'error',
    error: {
      type: anthropicType(refusal),
      message: refusal.message,
      code: refusal.code,
      param: refusal.param,
      ...refusal.details,
    },
    request_id: requestId,
  };
}

function anthropicType({ status }: Refusal): string {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 402:
      return 'billing_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 408:
    case 504:
      return 'timeout_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 503:
      return 'overloaded_error';
    default:
      return status < 500 ? 'invalid_request_error' : 'api_error';
  }
}
