import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import {
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const TOKEN = 'a token that is only good for tests';

describe('the metrics of a gateway', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let key: TestKey;
  const gateways: RunningGateway[] = [];

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('house-model', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    key = await plane.addKey();
  });

  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    await simulator?.close();
  });

  async function start(metrics: JsonObject, env: Record<string, string> = {}) {
    const gateway = await startTestGateway({
      knex: plane.knex,
      data: { aiGateway: { gateway: { metrics } } },
      env,
    });
    gateways.push(gateway);
    return gateway;
  }

  const ask = (url: string, body: object, apiKey: string = key.apiKey) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    }).then(response => response.text());

  const messages = [{ role: 'user', content: 'A question of great secrecy' }];

  /** The value of a series that has all these labels. */
  const valueOf = (text: string, name: string, ...labels: string[]) =>
    text
      .split('\n')
      .filter(
        line => line.startsWith(`${name}{`) || line.startsWith(`${name} `),
      )
      .filter(line => labels.every(label => line.includes(label)))
      .map(line => Number(line.slice(line.lastIndexOf(' ') + 1)))
      .reduce((sum, value) => sum + value, 0);

  it('tell of requests, attempts, tokens, cost and times, and of the parts of the gateway', async () => {
    const { metricsUrl, url } = await start({ listen: { port: 0 } });
    await ask(url, { model: 'house-model', messages });
    await ask(url, { model: 'house-model', stream: true, messages });
    await ask(url, { model: 'made-up', messages });
    await ask(url, { model: 'house-model', messages }, 'aigw_nonsense');
    const text = await eventually(async () => {
      const read = await (await fetch(`${metricsUrl}/metrics`)).text();
      const all = valueOf(read, 'aigateway_requests_total');
      const booked = valueOf(read, 'aigateway_ledger_events_total');
      return all === 4 && booked === 2 ? read : undefined;
    });
    const chat = 'endpoint="chat.completions"';
    const requests = (...labels: string[]) =>
      valueOf(text, 'aigateway_requests_total', chat, ...labels);
    expect(requests('model="house-model"', 'status="200"', 'code="none"')).toBe(
      2,
    );
    expect(
      requests('model="unknown"', 'code="model_not_found"', 'blame="client"'),
    ).toBe(1);
    expect(requests('model="none"', 'status="401"')).toBe(1);
    const attempts = (...labels: string[]) =>
      valueOf(text, 'aigateway_attempts_total', ...labels);
    expect(attempts('kind="stream"', 'outcome="complete"')).toBe(1);
    expect(attempts('kind="whole"', 'outcome="complete"')).toBe(1);
    expect(
      valueOf(text, 'aigateway_tokens_total', 'class="output"'),
    ).toBeGreaterThan(0);
    const { rows } = await plane.knex.raw(
      'SELECT sum(cost_nano_usd)::float8 / 1e9 AS cost FROM usage_events',
    );
    expect(valueOf(text, 'aigateway_cost_usd_total')).toBeCloseTo(
      rows[0].cost,
      12,
    );
    for (const name of [
      'aigateway_added_latency_seconds_count',
      'aigateway_upstream_duration_seconds_count',
    ]) {
      expect([name, valueOf(text, name)]).toEqual([name, 2]);
    }
    expect(valueOf(text, 'aigateway_time_to_first_token_seconds_count')).toBe(
      1,
    );
    expect(valueOf(text, 'aigateway_configuration_revision')).toBeGreaterThan(
      0,
    );
    for (const name of [
      'aigateway_spool_waiting_bytes',
      'aigateway_ledger_dead_letters_total',
      'aigateway_request_logs_queued',
      'aigateway_streams_active',
      'aigateway_limits_degraded 0',
      'aigateway_breaker_opened_total',
      'aigateway_deployments_healthy 1',
      'aigateway_requests_active',
      'aigateway_configuration_refused',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
    ]) {
      expect(text).toContain(`\n${name}`);
    }
    // Whatever a client can make up is not in it, and neither is whose it is.
    expect(text).not.toContain('made-up');
    expect(text).not.toContain('secrecy');
    expect(text).not.toContain(key.id);
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect((await fetch(`${metricsUrl}/v1/models`)).status).toBe(404);
  });

  it('are for those who have the token, on the port of the gateway', async () => {
    const { url } = await start(
      { tokenRef: 'env://METRICS_TOKEN' },
      { METRICS_TOKEN: TOKEN },
    );
    const status = async (authorization?: string) => {
      const response = await fetch(`${url}/metrics`, {
        headers: authorization ? { authorization } : {},
      });
      await response.text();
      return response.status;
    };
    expect(await status(`Bearer ${TOKEN}`)).toBe(200);
    expect(await status('Bearer another')).toBe(401);
    expect(await status(`Bearer ${key.apiKey}`)).toBe(401);
    expect(await status()).toBe(401);
  });

  it('are for this machine only if that is said, and not for what a proxy passes on', async () => {
    const closed = await start({});
    expect((await fetch(`${closed.url}/metrics`)).status).toBe(404);
    const open = await start({ allowLoopback: true });
    expect((await fetch(`${open.url}/metrics`)).status).toBe(200);
    const passedOn = await fetch(`${open.url}/metrics`, {
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    expect(passedOn.status).toBe(404);
  });

  it('need a token that cannot be guessed', async () => {
    await expect(
      start({ tokenRef: 'env://METRICS_TOKEN' }, { METRICS_TOKEN: 'short' }),
    ).rejects.toThrow(/METRICS_TOKEN must hold at least 16 characters/);
    await expect(start({ tokenRef: 'letmein' })).rejects.toThrow(
      /aiGateway.gateway.metrics.tokenRef: use env:\/\/NAME/,
    );
  });
});
