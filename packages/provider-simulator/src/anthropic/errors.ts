import type { ErrorReply, Problem } from '../generation/operation';

const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const MESSAGE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'invalid x-api-key',
  403: 'Your API key does not have permission to use the specified resource.',
  404: 'Not found',
  429: 'This request would exceed the rate limit of your organization. Please try again later.',
  500: 'Internal server error',
  504: 'The request timed out while processing.',
  529: 'Overloaded',
};

/** The id by which the provider's own support would find a request; also the header `request-id`. */
export function requestIdOf(id: string): string {
  return `req_${id.replace(/^[a-z]+_/, '')}`;
}

/** An error in Anthropic's shape. */
export function errorReply(
  status: number,
  message: string,
  id: string,
): ErrorReply {
  const type =
    TYPE_OF_STATUS[status] ??
    (status < 500 ? 'invalid_request_error' : 'api_error');
  return {
    status,
    body: JSON.stringify({
      type: 'error',
      error: { type, message },
      request_id: requestIdOf(id),
    }),
  };
}

/** A problem in Anthropic's words. */
export function tell(problem: Problem, id: string): ErrorReply {
  switch (problem.type) {
    case 'too-large':
      return errorReply(
        413,
        'Request exceeds the maximum allowed number of bytes.',
        id,
      );
    case 'not-json':
      return errorReply(400, 'The request body is not valid JSON.', id);
    case 'header':
      return errorReply(400, problem.reason, id);
    case 'unknown-fault':
      return errorReply(400, `${problem.param}: ${problem.reason}`, id);
    case 'unknown-model':
      return errorReply(404, `model: ${problem.model}`, id);
    case 'status':
      return errorReply(
        problem.status,
        MESSAGE_OF_STATUS[problem.status] ??
          `The request failed with status ${problem.status}, as asked.`,
        id,
      );
    default:
      throw new TypeError(
        `unknown problem: ${JSON.stringify(problem satisfies never)}`,
      );
  }
}

/** The event that tells of an error once a stream has begun. */
export const STREAM_ERROR_EVENT = `event: error\ndata: ${JSON.stringify({
  type: 'error',
  error: { type: 'overloaded_error', message: 'Overloaded' },
})}\n\n`;
