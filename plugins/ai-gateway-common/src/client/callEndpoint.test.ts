import { endpoints } from '../contract';
import { callEndpoint, endpointPath } from './callEndpoint';
import { ControlPlaneError } from './ControlPlaneError';

describe('endpointPath', () => {
  it('escapes parameters and leaves out what is not given', () => {
    expect(
      endpointPath(
        endpoints.getModel,
        { modelId: 'a/../b' },
        { limit: 5, search: undefined },
      ),
    ).toBe('/models/a%2F..%2Fb?limit=5');
  });
});

describe('callEndpoint', () => {
  it('sends the body as JSON and returns the answer', async () => {
    const calls: Array<[string, RequestInit]> = [];
    const answer = await callEndpoint(
      async (path, init) => {
        calls.push([path, init]);
        return new Response(JSON.stringify({ secret: null }), { status: 201 });
      },
      endpoints.createApiKey,
      {
        headers: { 'idempotency-key': 'abcdefgh' },
        body: { label: 'x', projectId: 'p' },
      },
    );

    expect(answer).toEqual({ secret: null });
    expect(calls).toEqual([
      [
        '/api-keys',
        {
          method: 'POST',
          headers: {
            'idempotency-key': 'abcdefgh',
            'content-type': 'application/json',
          },
          body: '{"label":"x","projectId":"p"}',
        },
      ],
    ]);
  });

  it('throws the refusal with its fields and request id', async () => {
    const refusal = callEndpoint(
      async () =>
        new Response(
          JSON.stringify({
            error: {
              name: 'InputError',
              message: 'Invalid',
              fields: [{ path: 'label', message: 'Enter a label' }, 'junk'],
            },
          }),
          { status: 400, headers: { 'x-request-id': 'r-1' } },
        ),
      endpoints.createApiKey,
      { body: { label: '', projectId: 'p' } },
    );

    await expect(refusal).rejects.toMatchObject({
      name: 'InputError',
      status: 400,
      fields: [{ path: 'label', message: 'Enter a label' }],
      requestId: 'r-1',
    });
    await expect(refusal).rejects.toBeInstanceOf(ControlPlaneError);
  });

  it('makes an error of an answer that is not JSON', async () => {
    await expect(
      callEndpoint(
        async () => new Response('<html>Bad gateway</html>', { status: 502 }),
        endpoints.getMe,
        {},
      ),
    ).rejects.toMatchObject({ status: 502, fields: [] });
  });
});
