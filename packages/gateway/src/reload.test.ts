import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import OpenAI from 'openai';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import { TestControlPlane } from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** What the product promises. */
const SECOND = { withinMs: 1_000 };
const TWO_SECONDS = { withinMs: 2_000 };

describe('a change of the configuration', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let providerId: string;
  let gateway: RunningGateway;
  let client: OpenAI;

  const clientOf = (apiKey: string) =>
    new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 });

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('steady', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    gateway = await startTestGateway({ knex: plane.knex });
    client = clientOf((await plane.addKey()).apiKey);
  });

  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
  });

  const revision = async () =>
    Number((await plane.knex('config_revision').first()).revision);
  const appliedRevision = async () =>
    Number((await plane.knex('gateway_replicas').first()).applied_revision);

  const ask = (model: string, by: OpenAI = client) =>
    by.chat.completions
      .create({ model, messages: [{ role: 'user', content: 'Hi' }] })
      .withResponse();
  const refusal = async (model: string, by: OpenAI = client) => {
    try {
      await ask(model, by);
      return undefined;
    } catch (error) {
      return error instanceof OpenAI.APIError ? error.code : undefined;
    }
  };

  it('publishes a model, and takes it away again', async () => {
    const { deploymentId } = await plane.addModel('comes-and-goes', {
      providerId,
      upstreamModel: 'sim-instant',
      published: false,
    });
    expect(await refusal('comes-and-goes')).toBe('model_not_found');
    await plane.setPublished(deploymentId, true);
    await eventually(() => ask('comes-and-goes'), TWO_SECONDS);
    await plane.setPublished(deploymentId, false);
    await eventually(
      async () => (await refusal('comes-and-goes')) === 'model_not_found',
      TWO_SECONDS,
    );
  });

  it('takes away the models of a provider that is disabled', async () => {
    const other = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('of-another', {
      providerId: other,
      upstreamModel: 'sim-instant',
    });
    await eventually(() => ask('of-another'), TWO_SECONDS);
    await plane.change(tx =>
      tx('providers').where({ id: other }).update({ enabled: false }),
    );
    await eventually(
      async () => (await refusal('of-another')) === 'model_not_found',
      TWO_SECONDS,
    );
  });

  it('changes a price from its start on', async () => {
    const { deploymentId, priceId } = await plane.addModel('priced', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    await eventually(() => ask('priced'), TWO_SECONDS);
    const from = new Date();
    const next = await plane.addPrice(deploymentId, {
      input: 5_000_000_000n,
      output: 0n,
      from,
    });
    const applied = await revision();
    await eventually(async () => (await appliedRevision()) >= applied);
    const { data, response } = await ask('priced');
    const event = await eventually(async () =>
      (await plane.events()).find(
        row => row.request_id === response.headers.get('x-request-id'),
      ),
    );
    expect(event.price_id).toBe(next);
    expect(event.price_id).not.toBe(priceId);
    expect(event.cost_nano_usd).toBe(String(data.usage!.prompt_tokens * 5_000));
  });

  it('lets a key in that was made a moment ago', async () => {
    const key = await plane.addKey();
    const { data } = await ask('steady', clientOf(key.apiKey));
    expect(data.choices).toHaveLength(1);
  });

  it('keeps a key out within a second of its revocation, and in a stream under way lets it finish', async () => {
    const key = await plane.addKey();
    const its = clientOf(key.apiKey);
    await ask('steady', its);
    const stream = await its.chat.completions.create({
      model: 'steady',
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const revoked = await plane.revokeKey(key.id);
    await eventually(
      async () => (await refusal('steady', its)) === 'revoked_api_key',
      SECOND,
    );
    // The proof of it, by the clock of the database.
    const [{ took }] = await eventually(async () => {
      const { rows } = await plane.knex.raw(
        `SELECT extract(epoch FROM applied_at - revoked_at)::float8 AS took
         FROM gateway_key_revisions, api_keys WHERE api_keys.id = ? AND gateway_key_revisions.revision >= ?
         ORDER BY gateway_key_revisions.revision LIMIT 1`,
        [key.id, revoked],
      );
      return rows.length > 0 && rows;
    }, SECOND);
    expect(took).toBeGreaterThan(-0.01);
    expect(took).toBeLessThan(1);
    let chunks = 0;
    for await (const _ of stream) chunks += 1;
    expect(chunks).toBeGreaterThan(0);
  });

  it('keeps a key out once it has expired', async () => {
    const key = await plane.addKey({ expiresAt: new Date(Date.now() + 700) });
    const its = clientOf(key.apiKey);
    await ask('steady', its);
    await eventually(
      async () => (await refusal('steady', its)) === 'expired_api_key',
    );
  });

  it('keeps a key out that an operator deleted by hand', async () => {
    const key = await plane.addKey();
    const its = clientOf(key.apiKey);
    await ask('steady', its);
    await plane.change(tx => tx('api_keys').where({ id: key.id }).delete());
    await eventually(
      async () => (await refusal('steady', its)) === 'unknown_api_key',
      TWO_SECONDS,
    );
  });

  it('is refused whole when a part of it is not to be understood; revoked keys are kept out all the same', async () => {
    const key = await plane.addKey();
    const its = clientOf(key.apiKey);
    await ask('steady', its);
    const alien = await plane.addProvider(`${simulator.url}/v1`, {
      kind: 'from-the-future',
    });
    const { deploymentId } = await plane.addModel('alien', {
      providerId: alien,
      upstreamModel: 'x',
    });
    const replica = () => plane.knex('gateway_replicas').first();
    const reported = await eventually(async () => {
      const row = await replica();
      return row.configuration_error && row;
    });
    expect(reported.configuration_error).toContain("'from-the-future'");
    const before = Number(reported.applied_revision);
    expect(before).toBeLessThan(await revision());
    await ask('steady');

    const revoked = await plane.revokeKey(key.id);
    await eventually(
      async () => (await refusal('steady', its)) === 'revoked_api_key',
      SECOND,
    );
    expect(await appliedRevision()).toBe(before);
    await eventually(async () =>
      plane
        .knex('gateway_key_revisions')
        .where('revision', '>=', revoked)
        .first(),
    );

    await plane.setPublished(deploymentId, false);
    await eventually(async () => (await appliedRevision()) > before);
    expect((await replica()).configuration_error).toBeNull();
  });

  it('is reported by the gateway as soon as it runs it', async () => {
    const changed = await plane.change(async () => undefined);
    await eventually(async () => (await appliedRevision()) === changed, SECOND);
    expect(await plane.knex('gateway_replicas')).toMatchObject([
      { state: 'ready', configuration_error: null },
    ]);
  });

  it('in a burst comes to few reads, and to the last state', async () => {
    const { deploymentId } = await plane.addModel('flapping', {
      providerId,
      upstreamModel: 'sim-instant',
    });
    for (let i = 0; i < 30; i++) {
      await plane.setPublished(deploymentId, i % 2 === 0);
    }
    const last = await revision();
    await eventually(async () => (await appliedRevision()) === last);
    expect(await refusal('flapping')).toBe('model_not_found');
  });
});
