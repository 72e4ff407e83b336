import { healthSettingsSchema } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { applyMigrations } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../__testUtils__/eventually';
import { createLog } from '../../telemetry/log';
import { DeploymentHealths } from '../health/DeploymentHealths';
import { DatabaseProbeStore } from './DatabaseProbeStore';
import { Prober } from './Prober';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const settings = healthSettingsSchema.parse({
  failures: 1,
  openMs: 600_000,
  maxOpenMs: 600_000,
});

describe('probers of several gateways', () => {
  let knex: Knex;
  const id = randomUUID();
  const probers: Prober[] = [];
  const looks: number[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  let isAlive = false;

  const monotonic = () => performance.now();
  const gateways = [1, 2, 3].map(() => DeploymentHealths.create({ monotonic }));
  const healthOf = (healths: DeploymentHealths) =>
    healths.of({ id, modelId: 'm' });
  const fail = () => {
    for (const healths of gateways) {
      healthOf(healths).begin(true, settings).failed('upstream_unreachable');
    }
  };

  const look = async (deploymentId: string) => {
    looks.push(monotonic());
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await new Promise(resolve => setTimeout(resolve, 50));
    atOnce -= 1;
    return { deploymentId, alive: isAlive, detail: 'as told' };
  };

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
    const gatewayId = randomUUID();
    await knex('gateway_replicas').insert({
      id: gatewayId,
      hostname: 'h',
      version: '1',
      started_at: knex.fn.now(),
      last_seen_at: knex.fn.now(),
      state: 'ready',
      applied_revision: 1,
    });
    await knex('deployment_states').insert({
      gateway_id: gatewayId,
      deployment_id: id,
      state: 'open',
      since: knex.fn.now(),
      in_flight: 0,
      reported_at: knex.fn.now(),
    });
    for (const healths of gateways) {
      probers.push(
        Prober.start({
          healths,
          monotonic,
          store: DatabaseProbeStore.create({ knex }),
          log: createLog('silent'),
          settings: { roundMs: 30, everyMs: 200 },
          probe: look,
        }),
      );
    }
  });
  afterAll(async () => {
    for (const prober of probers) await prober.stop();
  });

  it('do nothing while none has left a deployment alone', async () => {
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(looks).toEqual([]);
  });

  it('look one at a time and not too often, whichever of them does', async () => {
    fail();
    await eventually(() => looks.length >= 4);
    expect(mostAtOnce).toBe(1);
    const gaps = looks.slice(1).map((at, n) => at - looks[n]);
    expect(Math.min(...gaps)).toBeGreaterThan(150);
    expect(gateways.some(healths => healthOf(healths).admits())).toBe(false);
  });

  it('all hear what one of them finds', async () => {
    isAlive = true;
    await eventually(() =>
      gateways.every(healths => healthOf(healths).admits()),
    );
    expect(await knex('deployment_probes')).toMatchObject([
      { deployment_id: id, alive: true, detail: 'as told' },
    ]);
  });

  it('take nothing for news that was found before a deployment failed', async () => {
    isAlive = false;
    for (const healths of gateways) {
      healthOf(healths).begin(true, settings).succeeded();
    }
    fail();
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(gateways.some(healths => healthOf(healths).admits())).toBe(false);
  });
});
