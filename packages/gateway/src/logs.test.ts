import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { request } from 'node:http';
import { z } from 'zod';
import { eventually } from './__testUtils__/eventually';
import {
  spawnGateway,
  type SpawnedGateway,
} from './__testUtils__/spawnGateway';
import {
  TEST_PEPPER,
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const PROVIDER_SECRET = 'sk-a-secret-of-the-provider';
const WRONG_SECRET = 'sk-another-secret-that-is-refused';
const PROMPT = 'Xylophones of the seventh moon';
const LINE = z.looseObject({
  level: z.string(),
  time: z.iso.datetime(),
  msg: z.string(),
});

describe('what a busy gateway says', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let key: TestKey;
  let gateway: SpawnedGateway;
  const answers: string[] = [];

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({ apiKey: PROVIDER_SECRET });
    const providers = {
      good: await plane.addProvider(`${simulator.url}/v1`, {
        secretRef: 'env://GOOD_API_KEY',
      }),
      wrong: await plane.addProvider(`${simulator.url}/v1`, {
        secretRef: 'env://WRONG_API_KEY',
      }),
      unset: await plane.addProvider(`${simulator.url}/v1`, {
        secretRef: 'env://UNSET_API_KEY',
      }),
      away: await plane.addProvider('http://127.0.0.1:1/v1', {
        secretRef: 'env://GOOD_API_KEY',
      }),
    };
    for (const [model, providerId] of Object.entries(providers)) {
      await plane.addModel(model, { providerId, upstreamModel: 'sim-instant' });
    }
    key = await plane.addKey();
    gateway = await spawnGateway({
      knex: plane.knex,
      data: { aiGateway: { gateway: { drain: { announceMs: 0 } } } },
      env: {
        LOG_LEVEL: 'trace',
        GOOD_API_KEY: PROVIDER_SECRET,
        WRONG_API_KEY: WRONG_SECRET,
      },
    });
  });

  afterAll(async () => {
    await simulator?.close();
  });

  async function ask(
    body: object | string,
    headers: Record<string, string> = {},
    path: string = '/v1/chat/completions',
  ): Promise<void> {
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key.apiKey}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    answers.push(await response.text());
  }

  const messages = [{ role: 'user', content: PROMPT }];

  it('is a line of JSON for each thing, with ids to follow requests by, and holds no secret and no text', async () => {
    for (const model of ['good', 'wrong', 'unset', 'away', key.apiKey]) {
      await ask(
        { model, messages },
        { 'x-request-id': `whole-${model.slice(0, 6)}` },
      );
      await ask({ model, messages, stream: true });
    }
    await ask({ model: 'good', messages }, { authorization: '' });
    await ask(
      { model: 'good', messages },
      { authorization: `Bearer ${key.apiKey}x` },
    );
    await ask({ model: 'good', messages }, { 'x-api-key': key.apiKey });
    await ask(`{"model":"good","messages":[{"content":"${PROMPT}"`);
    await ask({ model: 'good', messages, temperature: PROMPT });
    await ask(
      { model: 'good', messages },
      {},
      `/v1/chat/completions?key=${key.apiKey}`,
    );
    await ask({ model: 'good', messages }, {}, `/v1/${key.apiKey}`);
    await fetch(`${gateway.url}/v1/models/${key.apiKey}`, {
      headers: { authorization: `Bearer ${key.apiKey}` },
    });
    // One that hangs up in its body.
    await new Promise<void>(resolve => {
      const half = request(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key.apiKey}`,
          'content-type': 'application/json',
          'content-length': 1_000,
        },
      });
      half.on('error', () => resolve());
      half.write(`{"messages":[{"content":"${PROMPT}`, () => half.destroy());
    });
    await eventually(() => gateway.output().includes('"hungUp":true'));
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toBe(0);

    const output = gateway.output();
    const [, , secret] = key.apiKey.split('_');
    // What the simulator begins its answers with.
    const generated = 'as the starting point';
    expect(answers.join()).toContain(generated);
    for (const hidden of [
      key.apiKey,
      secret,
      PROVIDER_SECRET,
      WRONG_SECRET,
      TEST_PEPPER,
      PROMPT,
      'Xylophones',
      'Bearer',
      generated,
    ]) {
      expect(output).not.toContain(hidden);
    }

    const lines = output
      .split('\n')
      .filter(line => line !== '')
      .map(line => LINE.parse(JSON.parse(line)));
    const told = lines.filter(({ msg }) => msg === 'request');
    expect(
      told.filter(({ path }) => path === '/v1/chat/completions').length,
    ).toBe(17);
    expect(told.every(({ requestId }) => typeof requestId === 'string')).toBe(
      true,
    );
    expect(
      told.find(({ requestId }) => requestId === 'whole-good'),
    ).toMatchObject({
      level: 'info',
      method: 'POST',
      status: 200,
      keyId: key.id,
      projectId: 'search',
      model: 'good',
      streamed: false,
      outcome: 'complete',
      attempts: 1,
      cost: expect.stringMatching(/^0\.0+[1-9]\d*$/),
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
    });
    expect(
      told.find(({ requestId }) => requestId === 'whole-wrong'),
    ).toMatchObject({ status: 502, errorCode: 'upstream_auth_failed' });
  });
});
