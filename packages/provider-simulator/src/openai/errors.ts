/** An error as OpenAI's API tells it. */
export interface OpenAiError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export function errorBody({ message, type, param, code }: OpenAiError): string {
  return JSON.stringify({ error: { message, type, param, code } });
}

export function invalidRequest(
  message: string,
  {
    param = null,
    code = null,
    status = 400,
  }: { param?: string | null; code?: string | null; status?: number } = {},
): OpenAiError {
  return { status, message, type: 'invalid_request_error', param, code };
}

export function unauthorized(hasKey: boolean): OpenAiError {
  return hasKey
    ? invalidRequest('Incorrect API key provided.', {
        status: 401,
        code: 'invalid_api_key',
      })
    : invalidRequest(
        "You didn't provide an API key. Send it as 'Authorization: Bearer YOUR_KEY'.",
        { status: 401 },
      );
}

export function modelNotFound(model: string): OpenAiError {
  return invalidRequest(
    `The model '${model}' does not exist or you do not have access to it.`,
    {
      status: 404,
      param: 'model',
      code: 'model_not_found',
    },
  );
}

const STATUS_ERRORS: Readonly<
  Record<number, Pick<OpenAiError, 'message' | 'type' | 'code'>>
> = {
  401: {
    message: 'Incorrect API key provided.',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  },
  403: {
    message: 'Your account is not allowed to use this model.',
    type: 'invalid_request_error',
    code: 'access_denied',
  },
  404: {
    message: 'The model does not exist.',
    type: 'invalid_request_error',
    code: 'model_not_found',
  },
  429: {
    message: 'Rate limit reached. Please try again later.',
    type: 'requests',
    code: 'rate_limit_exceeded',
  },
  500: {
    message: 'The server had an error while processing your request.',
    type: 'server_error',
    code: null,
  },
  503: {
    message: 'The engine is currently overloaded, please try again later.',
    type: 'server_error',
    code: null,
  },
};

/** The error a provider answers with this status; what the fault `status` sends. */
export function errorOfStatus(status: number): OpenAiError {
  const known = STATUS_ERRORS[status];
  if (known) return { status, param: null, ...known };
  return status < 500
    ? invalidRequest(`The request failed with status ${status}, as asked.`, {
        status,
      })
    : {
        status,
        message: `The server failed with status ${status}, as asked.`,
        type: 'server_error',
        param: null,
        code: null,
      };
}

/** The event that tells of an error once a stream has begun. */
export const STREAM_ERROR_EVENT = `data: ${JSON.stringify({
  error: {
    message: 'The server had an error while processing your request.',
    type: 'server_error',
    param: null,
    code: 'server_error',
  },
})}\n\n`;
