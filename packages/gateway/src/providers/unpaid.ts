/** What providers call it in an error's code, or in its type. */
const CODES: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'billing_error',
  'billing_hard_limit_reached',
  'billing_not_active',
]);

/**
 * Only of the provider's own words, which come before a colon or a quote: what comes after may be what the client sent, and no client is to
 * bring a deployment down by talking of money.
 */
const WORDS =
  /^(?:billing (?:hard )?limit\b|[^:'"`]*\b(?:your|account|enable|requires?)\b[^:'"`]*\b(?:credit balance|billing)\b)/i;

/** Longer than any sentence of that kind. */
const MAX_LENGTH = 300;

/** Whether the code of an error is that of an account that is not paid for. */
export function isUnpaidCode(code: string): boolean {
  return CODES.has(code);
}

/** Whether the message of a request's rejection is about the account, not about the request. */
export function isUnpaidMessage(message: string): boolean {
  return WORDS.test(message.slice(0, MAX_LENGTH));
}
