/** Whose doing an error is. */
export type Blame = 'client' | 'policy' | 'upstream' | 'gateway';

interface ErrorDefinition {
  readonly status: number;
  /** OpenAI's `type`. */
  readonly type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'rate_limit_error'
    | 'insufficient_quota'
    | 'server_error'
    | 'upstream_error';
  readonly blame: Blame;
  /** Whether the same request may succeed later; SDKs are told by `x-should-retry`. */
  readonly retryable: boolean;
}

interface Detail {
  readonly param?: string;
}

const define = <D extends Detail>(
  status: number,
  type: ErrorDefinition['type'],
  blame: Blame,
  message: (detail: D) => string,
  { retryable = false }: { retryable?: boolean } = {},
) => ({ status, type, blame, retryable, message });

const invalidRequest = <D extends Detail>(
  status: number,
  message: (detail: D) => string,
) => define(status, 'invalid_request_error', 'client', message);

const badKey = (message: string) =>
  define<Detail>(401, 'authentication_error', 'client', () => message);

const SEND_KEY =
  "Send it as 'Authorization: Bearer aigw_…' or 'x-api-key: aigw_…'; keys are made in the developer portal.";
const NEW_KEY = 'Create a new one in the developer portal.';

/**
 * Every way in which the gateway refuses or fails, as a client sees it. A message says what to do next, and holds nothing but what the
 * client itself sent or may know.
 */
export const ERRORS = {
  missing_api_key: badKey(`No API key was sent. ${SEND_KEY}`),
  malformed_api_key: badKey(
    `What was sent is not an API key of this gateway. ${SEND_KEY}`,
  ),
  api_key_checksum_mismatch: badKey(
    'The API key has a typo or was cut off: its checksum does not match. Copy it again in full.',
  ),
  unknown_api_key: badKey(`This API key is not known here. ${NEW_KEY}`),
  revoked_api_key: badKey(`This API key was revoked. ${NEW_KEY}`),
  expired_api_key: badKey(`This API key has expired. ${NEW_KEY}`),
  key_lookup_unavailable: define<Detail>(
    503,
    'server_error',
    'gateway',
    () =>
      'This API key is not among those known here, and newer ones cannot be looked up at the moment. Try again shortly.',
    { retryable: true },
  ),

  model_not_found: define<{ param: 'model'; model: string }>(
    404,
    'invalid_request_error',
    'client',
    ({ model }) =>
      `The model '${model}' does not exist or this API key may not call it. GET /v1/models lists those that it may.`,
  ),
  unknown_endpoint: invalidRequest<Detail & { method: string; path: string }>(
    404,
    ({ method, path }) =>
      `There is no ${method} ${path} here. GET /openapi.json says what there is.`,
  ),
  method_not_allowed: invalidRequest<
    Detail & { method: string; allowed: string }
  >(
    405,
    ({ method, allowed }) =>
      `${method} is not possible here; allowed: ${allowed}.`,
  ),

  unsupported_media_type: invalidRequest<Detail & { got: string }>(
    415,
    ({ got }) =>
      `The content type must be application/json${got && `, not ${got}`}.`,
  ),
  unsupported_content_encoding: invalidRequest<Detail & { got: string }>(
    415,
    ({ got }) =>
      `A body with content-encoding ${got} is not read here; send it as it is.`,
  ),
  request_too_large: invalidRequest<Detail & { limit: number }>(
    413,
    ({ limit }) =>
      `The request body is larger than ${limit} bytes, the most that is taken here.`,
  ),
  request_timeout: define<Detail>(
    408,
    'invalid_request_error',
    'client',
    () => 'The request did not arrive in time. Send it again.',
    { retryable: true },
  ),
  malformed_http: invalidRequest<Detail>(
    400,
    () => 'This is not a well-formed HTTP request.',
  ),
  headers_too_large: invalidRequest<Detail>(
    431,
    () => 'The request headers are too large.',
  ),
  invalid_encoding: invalidRequest<Detail>(
    400,
    () => 'The request body is not valid UTF-8.',
  ),
  invalid_json: invalidRequest<Detail & { offset: number }>(
    400,
    ({ offset }) =>
      `The request body is not valid JSON: it breaks at byte ${offset}.`,
  ),
  body_not_an_object: invalidRequest<Detail>(
    400,
    () => 'The request body must be a JSON object.',
  ),
  body_too_deep: invalidRequest<Detail & { limit: number }>(
    400,
    ({ limit }) => `The request body is nested deeper than ${limit} levels.`,
  ),
  too_many_parameters: invalidRequest<Detail & { limit: number }>(
    400,
    ({ limit }) => `The request has more than ${limit} parameters.`,
  ),
  duplicate_parameter: invalidRequest<{ param: string }>(
    400,
    ({ param }) =>
      `Duplicate parameter: '${param}' stands more than once. Send it once.`,
  ),
  missing_parameter: invalidRequest<{ param: string }>(
    400,
    ({ param }) => `Missing required parameter: '${param}'.`,
  ),
  invalid_type: invalidRequest<{
    param: string;
    expected: string;
    got: string;
  }>(
    400,
    ({ param, expected, got }) =>
      `Invalid type for '${param}': expected ${expected}, but got ${article(got)}.`,
  ),
  invalid_parameter: invalidRequest<{ param: string; reason: string }>(
    400,
    ({ param, reason }) => `Invalid value for '${param}': it ${reason}.`,
  ),

  unsupported_parameter: invalidRequest<{ param: string; reason: string }>(
    400,
    ({ param, reason }) =>
      `'${param}' cannot be served by this model: it ${reason}.`,
  ),
  unsupported_endpoint: define<{
    param: 'model';
    model: string;
    endpoint: string;
  }>(
    400,
    'invalid_request_error',
    'client',
    ({ model, endpoint }) =>
      `The model '${model}' cannot be used at ${endpoint}: its provider has nothing like it.`,
  ),

  upstream_rejected: define<Detail & { message: string; param?: string }>(
    400,
    'invalid_request_error',
    'client',
    ({ message }) => message,
  ),
  upstream_rate_limited: define<Detail>(
    429,
    'rate_limit_error',
    'upstream',
    () =>
      'The provider of this model is limiting requests at the moment. Try again later.',
    { retryable: true },
  ),
  upstream_auth_failed: define<Detail>(
    502,
    'upstream_error',
    'gateway',
    () =>
      "The gateway's own credential for this model's provider does not work. Tell whoever runs the gateway.",
  ),
  upstream_account_exhausted: define<Detail>(
    502,
    'upstream_error',
    'gateway',
    () =>
      "The gateway's own account with this model's provider has no credit left, or its billing is not in order. Tell whoever runs the gateway.",
  ),
  upstream_misconfigured: define<Detail>(
    502,
    'upstream_error',
    'gateway',
    () =>
      "This model's provider does not know the model by the name that is configured, or its address or credential is not usable. Tell whoever runs the gateway.",
  ),
  upstream_unavailable: define<Detail>(
    503,
    'upstream_error',
    'upstream',
    () =>
      "This model's provider has failed again and again, and is left alone for a moment. Try again later.",
    { retryable: true },
  ),
  upstream_unreachable: define<Detail>(
    502,
    'upstream_error',
    'upstream',
    () => "This model's provider cannot be reached. Try again later.",
    { retryable: true },
  ),
  upstream_timeout: define<Detail>(
    504,
    'upstream_error',
    'upstream',
    () => "This model's provider did not answer in time. Try again later.",
    { retryable: true },
  ),
  upstream_error: define<Detail>(
    502,
    'upstream_error',
    'upstream',
    () => "This model's provider failed. Try again later.",
    { retryable: true },
  ),
  upstream_invalid_response: define<Detail>(
    502,
    'upstream_error',
    'upstream',
    () =>
      "This model's provider answered with something that is no completion. Try again later.",
    { retryable: true },
  ),
  upstream_cut_off: define<Detail>(
    502,
    'upstream_error',
    'upstream',
    () =>
      "This model's provider broke off its answer. What came until then is all there is; ask again for a whole one.",
    { retryable: true },
  ),
  response_too_large: define<Detail>(
    502,
    'upstream_error',
    'upstream',
    () =>
      "This model's provider gave an answer too large to pass on. Ask for less, or for a stream.",
  ),

  metrics_token_required: define<Detail>(
    401,
    'authentication_error',
    'client',
    () =>
      "Metrics are for those who run the gateway. Send their token as 'Authorization: Bearer …' (aiGateway.gateway.metrics.tokenRef).",
  ),
  model_denied_by_policy: define<Detail & { model: string; level: string }>(
    403,
    'permission_error',
    'policy',
    ({ model, level }) =>
      `A policy of ${level} does not allow the model '${model}'.`,
  ),
  endpoint_denied_by_policy: define<
    Detail & { endpoint: string; level: string }
  >(
    403,
    'permission_error',
    'policy',
    ({ endpoint, level }) =>
      `A policy of ${level} does not allow the endpoint '${endpoint}'.`,
  ),
  context_exceeds_policy: define<
    Detail & {
      level: string;
      limit: number;
      inputTokens: number;
      outputTokens: number | null;
    }
  >(
    400,
    'invalid_request_error',
    'policy',
    ({ level, limit, inputTokens, outputTokens }) =>
      `A policy of ${level} allows ${limit} tokens for the prompt and the answer together. The prompt has about ${inputTokens}${
        outputTokens === null ? '' : `, and ${outputTokens} are asked for`
      }. Send or ask for less.`,
  ),
  output_exceeds_policy: define<
    Detail & { level: string; limit: number; outputTokens: number }
  >(
    400,
    'invalid_request_error',
    'policy',
    ({ level, limit, outputTokens }) =>
      `A policy of ${level} allows answers of ${limit} tokens; ${outputTokens} are asked for. Ask for less.`,
  ),

  rate_limit_exceeded: define<Detail & { message: string }>(
    429,
    'rate_limit_error',
    'policy',
    ({ message }) => message,
    { retryable: true },
  ),
  concurrency_limit_exceeded: define<Detail & { message: string }>(
    429,
    'rate_limit_error',
    'policy',
    ({ message }) => message,
    { retryable: true },
  ),
  quota_exceeded: define<Detail & { message: string }>(
    429,
    'insufficient_quota',
    'policy',
    ({ message }) => message,
  ),
  budget_exceeded: define<Detail & { message: string }>(
    402,
    'insufficient_quota',
    'policy',
    ({ message }) => message,
  ),
  limits_unavailable: define<Detail & { levels: string }>(
    503,
    'server_error',
    'gateway',
    ({ levels }) =>
      `The counters that the gateways share cannot be reached at the moment, and what ${levels} may still use is not to be guessed. Try again shortly.`,
    { retryable: true },
  ),
  spending_unknown: define<Detail & { levels: string }>(
    503,
    'server_error',
    'gateway',
    ({ levels }) =>
      `What ${levels} used so far cannot be looked up at the moment, and is not to be guessed. Try again shortly.`,
    { retryable: true },
  ),

  metering_unavailable: define<Detail>(
    503,
    'server_error',
    'gateway',
    () =>
      'Usage cannot be recorded at the moment, so that nothing is served. Try again later.',
    { retryable: true },
  ),
  overloaded: define<Detail>(
    503,
    'server_error',
    'gateway',
    () =>
      'This gateway has more to do at the moment than it can do well, and takes no more until some of it is done. Try again shortly.',
    { retryable: true },
  ),
  service_draining: define<Detail>(
    503,
    'server_error',
    'gateway',
    () => 'This gateway is shutting down. Try again.',
    { retryable: true },
  ),
  not_ready: define<Detail>(
    503,
    'server_error',
    'gateway',
    () => 'This gateway is starting. Try again shortly.',
    { retryable: true },
  ),
  internal_error: define<Detail>(
    500,
    'server_error',
    'gateway',
    () =>
      'The gateway failed. Tell whoever runs it, and quote the id of this request.',
  ),
} as const;

/** A code that clients may rely on. */
export type ErrorCode = keyof typeof ERRORS;

type DetailOf<C extends ErrorCode> = Parameters<
  (typeof ERRORS)[C]['message']
>[0];

/** An answer that is not a completion, as a value: only bugs are thrown. */
export interface Refusal extends ErrorDefinition {
  readonly code: ErrorCode;
  readonly message: string;
  /** The field at fault. */
  readonly param: string | null;
  /** Whole seconds until it is worth trying again. */
  readonly retryAfterSeconds: number | null;
  /** More for programs, beside the message. */
  readonly details: Readonly<Record<string, unknown>> | null;
}

/** Makes a refusal; the details it takes are those that its message needs. */
export function refuse<C extends ErrorCode>(
  code: C,
  detail: DetailOf<C>,
  retryAfterSeconds: number | null = null,
): Refusal {
  const { message, ...definition } = ERRORS[code];
  // Each message takes exactly the details of its own code, which the signature above has made sure of.
  const render = message as (d: DetailOf<C>) => string;
  const { param } = detail as Detail;
  return {
    ...definition,
    code,
    message: render(detail),
    param: param ?? null,
    retryAfterSeconds,
    details: null,
  };
}

function article(noun: string): string {
  if (noun === 'null') return noun;
  return `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
