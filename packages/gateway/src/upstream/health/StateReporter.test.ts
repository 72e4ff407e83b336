import { applyMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { healthSettingsSchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { createLog } from '../../telemetry/log';
import { DatabaseDeploymentStateStore } from './DatabaseDeploymentStateStore';
import { DeploymentHealths } from './DeploymentHealths';
import { StateReporter } from './StateReporter';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const EPOCH = Date.UTC(2031, 0, 1);
const settings = healthSettingsSchema.parse({ failures: 1, openMs: 10_000 });

describe('a reporter of states', () => {
  let knex: Knex;
  const gatewayId = randomUUID();
  const [first, second] = [randomUUID(), randomUUID()];
  const clock = { now: 1_000 };
  const healths = DeploymentHealths.create({ monotonic: () => clock.now });
  let reporter: StateReporter;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
    reporter = StateReporter.start({
      gatewayId,
      healths,
      store: DatabaseDeploymentStateStore.create({ knex }),
      now: () => EPOCH + clock.now,
      monotonic: () => clock.now,
      log: createLog('silent'),
    });
  });
  afterAll(() => reporter.stop());

  const begin = (id: string) =>
    healths.of({ id, modelId: 'm' }).begin(true, settings);
  const rows = () => knex('deployment_states').orderBy('state').select('*');

  it('says again what could not be said, once this gateway is known itself', async () => {
    const use = begin(first);
    clock.now += 250;
    use.answered();
    begin(second).failed('upstream_unreachable');
    await reporter.report();
    expect(await rows()).toEqual([]);

    await knex('gateway_replicas').insert({
      id: gatewayId,
      hostname: 'h',
      version: '1',
      started_at: knex.fn.now(),
      last_seen_at: knex.fn.now(),
      state: 'ready',
      applied_revision: 1,
    });
    await reporter.report();
    expect(await rows()).toMatchObject([
      {
        gateway_id: gatewayId,
        deployment_id: first,
        state: 'healthy',
        until: null,
        reason: null,
        first_token_ms: 250,
        answer_ms: null,
        in_flight: 1,
      },
      {
        deployment_id: second,
        state: 'open',
        since: new Date(EPOCH + 1_250),
        until: new Date(EPOCH + 11_250),
        reason: 'upstream_unreachable',
        in_flight: 0,
      },
    ]);
    use.succeeded();
  });

  it('says nothing where nothing is new, and all of it again after a while', async () => {
    await reporter.report();
    const before = await rows();
    clock.now += 1_000;
    await reporter.report();
    expect(await rows()).toEqual(before);
    clock.now += 30_000;
    await reporter.report();
    expect((await rows())[0].reported_at).not.toEqual(before[0].reported_at);
  });

  it('takes back what it said of deployments that are gone, and all of it when the gateway is', async () => {
    healths.retain(new Set([second]));
    await reporter.report();
    expect(await rows()).toMatchObject([{ deployment_id: second }]);
    await knex('gateway_replicas').where({ id: gatewayId }).delete();
    expect(await rows()).toEqual([]);
  });
});
