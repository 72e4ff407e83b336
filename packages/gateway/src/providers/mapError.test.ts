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
