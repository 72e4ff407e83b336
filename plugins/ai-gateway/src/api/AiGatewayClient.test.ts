import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { MockFetchApi, registerMswTestHooks } from '@backstage/test-utils';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import {
  BACKEND_URL,
  controlPlaneAt,
} from '../__testUtils__/controlPlaneServer';
import {
  ControlPlaneDouble,
  Refusal,
} from '../__testUtils__/ControlPlaneDouble';
import { modelOf } from '../__testUtils__/fixtures';
import {
  emptyPortal,
  portalHandlers,
  SECRET,
} from '../__testUtils__/portalHandlers';
import { AiGatewayClient } from './AiGatewayClient';

const server = setupServer();

describe('AiGatewayClient', () => {
  registerMswTestHooks(server);

  const fetchApi = new MockFetchApi({
    resolvePluginProtocol: {
      discoveryApi: {
        getBaseUrl: async pluginId => `${BACKEND_URL}/api/${pluginId}`,
      },
    },
  });
  const client = new AiGatewayClient({ fetchApi });
  let controlPlane: ControlPlaneDouble;

  beforeEach(() => {
    controlPlane = new ControlPlaneDouble(
      portalHandlers(emptyPortal({ models: [modelOf('gpt-5')] })),
    );
    server.use(controlPlaneAt(() => controlPlane));
  });

  it("asks the plugin's backend and gives its answer", async () => {
    await expect(
      client.call(endpoints.listModels, { query: { limit: 10 } }),
    ).resolves.toEqual({ items: [modelOf('gpt-5')], totalCount: 1 });
    expect(controlPlane.calls[0].query).toMatchObject({ limit: 10 });
  });

  it('sends the body and the headers of a call', async () => {
    const { secret } = await client.call(endpoints.createApiKey, {
      headers: { 'idempotency-key': 'opening-1' },
      body: { label: 'prod', projectId: 'payments' },
    });
    expect(secret).toBe(SECRET);
    const [{ headers, body }] = controlPlane.calls;
    expect(headers.get('idempotency-key')).toBe('opening-1');
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toMatchObject({ label: 'prod', projectId: 'payments' });
  });

  it('escapes what it puts into a path', async () => {
    await expect(
      client.call(endpoints.getModel, { params: { modelId: 'a/b?c' } }),
    ).rejects.toThrow('There is no model a/b?c');
  });

  it('throws what the control plane refused, with the fields and the id of the request', async () => {
    controlPlane.answer({
      createApiKey: () => {
        throw new Refusal(400, 'The request is not valid', [
          { path: 'label', message: 'Taken' },
        ]);
      },
    });
    await expect(
      client.call(endpoints.createApiKey, {
        body: { label: 'prod', projectId: 'payments' },
      }),
    ).rejects.toMatchObject({
      name: 'InputError',
      status: 400,
      message: 'The request is not valid',
      fields: [{ path: 'label', message: 'Taken' }],
      requestId: 'req-42',
    });
  });

  it('makes sense of an answer that is no JSON', async () => {
    server.use(
      http.get(
        `${BACKEND_URL}/api/ai-gateway/me`,
        () => new HttpResponse('<html>', { status: 502 }),
      ),
    );
    await expect(client.call(endpoints.getMe, {})).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining('answered 502'),
    });
  });

  it('does not wait for ever for a backend that is stuck', async () => {
    server.use(
      http.get(
        `${BACKEND_URL}/api/ai-gateway/me`,
        () => new Promise<never>(() => {}),
      ),
    );
    const impatient = new AiGatewayClient({ fetchApi, timeoutMs: 20 });
    await expect(impatient.call(endpoints.getMe, {})).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('gives up when told to', async () => {
    const controller = new AbortController();
    const call = client.call(endpoints.getMe, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});
