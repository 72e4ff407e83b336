import type { ErrorReply, Problem } from '../generation/operation';

/** What Azure answers itself, before the model: a code that is a word or the status in digits, and a message. */
function azureError(status: number, code: string, message: string): ErrorReply {
  return { status, body: JSON.stringify({ error: { code, message } }) };
}

/** Also the answer where `api-version` is missing. */
export const RESOURCE_NOT_FOUND = azureError(404, '404', 'Resource not found');

export const VERSION_NOT_SUPPORTED = azureError(
  400,
  'BadRequest',
  'API version not supported',
);

export const WRONG_KEY = azureError(
  401,
  '401',
  'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for ' +
    'an active subscription and use a correct regional API endpoint for your resource.',
);

export const WRONG_TOKEN = azureError(
  401,
  '401',
  'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), ' +
    'or have expired.',
);

export const DEPLOYMENT_NOT_FOUND = azureError(
  404,
  'DeploymentNotFound',
  'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, ' +
    'please wait a moment and try again.',
);

/** The problems that Azure tells in its own words; undefined where OpenAI's are passed on. */
export function azureReplyOf(problem: Problem): ErrorReply | undefined {
  if (problem.type === 'unknown-model') return DEPLOYMENT_NOT_FOUND;
  if (problem.type !== 'status') return undefined;
  const { status, retryAfterSeconds } = problem;
  switch (status) {
    case 401:
      return WRONG_KEY;
    case 404:
      return DEPLOYMENT_NOT_FOUND;
    case 429:
      return azureError(
        429,
        '429',
        'Requests to the API have exceeded the call rate limit of your current OpenAI S0 pricing tier. ' +
          `Please retry after ${retryAfterSeconds || 1} seconds.`,
      );
    case 408:
      return azureError(408, 'Timeout', 'The operation was timeout.');
    case 500:
      return azureError(500, 'InternalServerError', 'Internal server error');
    case 503:
      return azureError(
        503,
        'ServiceUnavailable',
        'The service is temporarily unable to process your request. Please try again later.',
      );
    default:
      return azureError(
        status,
        String(status),
        `The request failed with status ${status}, as asked.`,
      );
  }
}
