import { mapError } from './mapError';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const map = (status: number, body: unknown = '', retryAfter?: string) =>
  mapError({
    status,
    contentType: 'application/json',
    retryAfter,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    now: NOW,
  });

describe('mapError', () => {
  it.each([
    [401, 502, 'upstream_auth_failed'],
    [403, 502, 'upstream_auth_failed'],
    [404, 502, 'upstream_misconfigured'],
    [408, 504, 'upstream_timeout'],
    [500, 502, 'upstream_error'],
    [503, 502, 'upstream_error'],
    [302, 502, 'upstream_error'],
    [418, 502, 'upstream_error'],
  ])('makes of %i a %i %s', (status, mapped, code) => {
    expect(map(status, { error: { message: 'secret detail' } })).toMatchObject({
      status: mapped,
      code,
      message: expect.not.stringContaining('secret detail'),
    });
  });

  it.each([
    [402, ''],
    [
      400,
      {
        type: 'invalid_request_error',
        message:
          'Your credit balance is too low to access the API. Please go to Plans & Billing to upgrade or purchase credits.',
      },
    ],
    [400, { message: 'Please enable billing on your project.' }],
    [400, { code: 'billing_hard_limit_reached', message: 'It was reached' }],
    [403, { type: 'billing_error', message: 'Pay.' }],
    [429, { type: 'insufficient_quota', code: 'insufficient_quota' }],
    [429, { code: 'billing_not_active', message: 'It is not active' }],
  ])(
    "takes %i %j for the gateway's account that is not paid for",
    (status, error) => {
      const refusal = map(status, { error });
      expect(refusal).toMatchObject({
        status: 502,
        code: 'upstream_account_exhausted',
        blame: 'gateway',
        message: expect.stringContaining('Tell whoever runs the gateway'),
      });
      expect(refusal.message).not.toContain('Plans');
    },
  );

  it.each([
    "Invalid value: 'your credit balance is too low'. Supported values are: 'low'.",
    'billing: Extra inputs are not permitted',
    'tools.0.billing: Extra inputs are not permitted',
    'Unknown parameter: your account billing',
    `Invalid "your account billing"`,
    "your 'account' may quote billing",
  ])('leaves it to the client that it said something of money: %s', message => {
    expect(map(400, { error: { message } }).code).toBe('upstream_rejected');
  });

  it('takes a limit for a limit, though its words are of a plan and of billing', () => {
    expect(
      map(429, {
        error: {
          code: 429,
          message: 'You exceeded your quota: check your plan and billing.',
        },
      }).code,
    ).toBe('upstream_rate_limited');
  });

  it.each([
    ['7', 7],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30],
    ['999999', 3_600],
    ['soon', null],
    [undefined, null],
  ])('passes on when to try again: %s', (retryAfter, seconds) => {
    expect(map(429, '', retryAfter)).toMatchObject({
      status: 429,
      retryAfterSeconds: seconds,
    });
  });

  it("gives the provider's own words for a request that it rejects, without credentials", () => {
    expect(
      map(400, {
        error: {
          message: 'Invalid value: key sk-proj-abc123456 may not be used',
          param: 'temperature',
        },
      }),
    ).toMatchObject({
      status: 400,
      code: 'upstream_rejected',
      param: 'temperature',
      message: 'Invalid value: key [redacted] may not be used',
    });
  });

  it.each(['<html>', '', '[]', '{"error":{"message":7}}'])(
    'says as much without words of its own in %j',
    body => {
      expect(map(400, body)).toMatchObject({
        message: "This model's provider rejected the request.",
      });
    },
  );
});
