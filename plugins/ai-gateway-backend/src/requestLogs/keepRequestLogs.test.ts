import {
  applyMigrations,
  ClickHouseRequestLogStore,
  DatabaseRequestLogStore,
  type RequestLog,
  type RequestLogStore,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
// eslint-disable-next-line @backstage/no-relative-monorepo-imports -- the engine that the store itself is tested with
import {
  startChdbServer,
  type ChdbServer,
} from '../../../ai-gateway-node/src/requestLogs/testing/startChdbServer';
import { keepRequestLogs } from './keepRequestLogs';

jest.setTimeout(90_000);

const NOW = Date.UTC(2031, 4, 20, 12);
const DAY = 86_400_000;

function log(requestId: string, occurredAt: number): RequestLog {
  return {
    requestId,
    occurredAt,
    projectId: 'search',
    apiKeyId: 'abcdefghijkl',
    ownerRef: null,
    modelId: 'm',
    deploymentId: null,
    endpoint: 'chat.completions',
    streamed: false,
    status: 200,
    outcome: 'complete',
    errorCode: null,
    attempts: 1,
    inputTokens: 1,
    outputTokens: 1,
    costNanoUsd: 1n,
    latencyMs: 1,
    timeToFirstTokenMs: null,
    clientAgent: null,
    requestBody: null,
    responseBody: null,
  };
}

async function idsIn(store: RequestLogStore): Promise<string[]> {
  const { items } = await store.search({
    projectIds: ['search'],
    from: 0,
    to: NOW + DAY,
    limit: 10,
  });
  return items.map(({ requestId }) => requestId);
}

describe('keeping request logs', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let engine: ChdbServer | undefined;
  afterAll(() => engine?.stop());

  let knex: Knex;
  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
  });

  const inPostgres = () =>
    DatabaseRequestLogStore.create({ knex, now: () => NOW });
  const open: Record<string, () => Promise<RequestLogStore>> = {
    PostgreSQL: async () => inPostgres(),
    ClickHouse: async () => {
      engine = await startChdbServer();
      return ClickHouseRequestLogStore.create({
        url: engine.url,
        database: 'ai_gateway',
      });
    },
  };

  it.each(['PostgreSQL', 'ClickHouse'])(
    'makes the schema in %s, removes what is too old and nothing else, and may be done again',
    async kind => {
      const store = await open[kind]();
      const keep = (now: number) =>
        keepRequestLogs({
          store,
          knex,
          retentionDays: 30,
          logger: mockServices.logger.mock(),
          now,
        });
      try {
        await keep(NOW);
        await store.append([
          log('two months ago', NOW - 60 * DAY),
          log('just too old', NOW - 30 * DAY - 1),
          log('old enough to stay', NOW - 30 * DAY),
          log('new', NOW),
        ]);
        await keep(NOW);
        await keep(NOW);
        expect(await idsIn(store)).toEqual(['new', 'old enough to stay']);
      } finally {
        await store.close();
      }
    },
  );

  it('removes what is too old from PostgreSQL when another store is used since, even while that one is away', async () => {
    const former = inPostgres();
    await former.append([
      log('two months ago', NOW - 60 * DAY),
      log('old enough to stay', NOW - 30 * DAY),
    ]);
    const store = ClickHouseRequestLogStore.create({
      url: 'http://127.0.0.1:1',
      database: 'ai_gateway',
    });
    await expect(
      keepRequestLogs({
        store,
        knex,
        retentionDays: 30,
        logger: mockServices.logger.mock(),
        now: NOW,
      }),
    ).rejects.toThrow();
    await store.close();
    expect(await idsIn(former)).toEqual(['old enough to stay']);
  });
});
