import { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { applyMigrations, ensurePartitions } from '../database';
import { NO_TOKENS } from '../pricing';
import { DatabaseLedgerStore } from './DatabaseLedgerStore';
import type { UsageEvent } from './UsageEvent';

jest.setTimeout(60_000);

const NOON = Date.parse('2026-03-01T12:00:00Z');
const DEPLOYMENT = randomUUID();
const OUTCOMES = ['complete', 'truncated', 'client_abort'] as const;

function event(n: number, more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: uuidv7(),
    occurredAt: NOON + n * 61_000,
    requestId: `request-${n}`,
    attempt: 1,
    gatewayId: DEPLOYMENT,
    projectId: n % 2 ? 'search' : 'ads',
    businessUnit: 'retail',
    apiKeyId: n % 3 ? 'keykeykeyke1' : 'keykeykeyke2',
    ownerKind: 'user',
    ownerRef: 'user:default/ada',
    modelId: `model-${n % 2}`,
    deploymentId: DEPLOYMENT,
    providerId: DEPLOYMENT,
    upstreamModel: 'upstream',
    endpoint: 'chat.completions',
    streamed: n % 2 === 0,
    outcome: OUTCOMES[n % 3],
    errorCode: null,
    upstreamStatus: 200,
    usageSource: 'reported',
    tokens: { ...NO_TOKENS, input: n, cachedInput: 1, output: 2, reasoning: 3 },
    priceId: null,
    costNanoUsd: BigInt(n) * 10n ** 15n + 1n,
    latencyMs: n,
    timeToFirstTokenMs: n % 2 ? n : null,
    ...more,
  };
}

const SUMS = `
  requests, errors, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
  audio_tokens, image_tokens, cost_nano_usd, latency_ms_sum, time_to_first_token_ms_sum, time_to_first_token_count`;

const SUMMED = SUMS.split(',')
  .map(name => `sum(${name}) AS ${name}`)
  .join(',');

/** What the hours must be: the sums of the events, worked out anew. */
const EXPECTED = `
  SELECT date_trunc('hour', occurred_at, 'UTC') AS hour, project_id, api_key_id, model_id, deployment_id, business_unit,
    count(*) AS requests, count(*) FILTER (WHERE outcome <> 'complete') AS errors,
    sum(input_tokens) AS input_tokens, sum(cached_input_tokens) AS cached_input_tokens,
    sum(cache_write_tokens) AS cache_write_tokens, sum(output_tokens) AS output_tokens,
    sum(reasoning_tokens) AS reasoning_tokens, sum(audio_tokens) AS audio_tokens, sum(image_tokens) AS image_tokens,
    sum(cost_nano_usd) AS cost_nano_usd, sum(latency_ms) AS latency_ms_sum,
    coalesce(sum(time_to_first_token_ms), 0) AS time_to_first_token_ms_sum,
    count(time_to_first_token_ms) AS time_to_first_token_count
  FROM usage_events GROUP BY 1, 2, 3, 4, 5, 6`;

/** The levels above hours, worked out anew from the hours. */
const LEVELS: ReadonlyArray<readonly [have: string, want: string]> = [
  [
    `SELECT day, project_id, api_key_id, model_id, deployment_id, business_unit, owner_kind, owner_ref, ${SUMS} FROM usage_daily`,
    `SELECT date_trunc('day', hour, 'UTC') AS day, project_id, api_key_id, model_id, deployment_id, business_unit,
       min(owner_kind) AS owner_kind, min(owner_ref) AS owner_ref, ${SUMMED} FROM usage_hourly GROUP BY 1, 2, 3, 4, 5, 6`,
  ],
  ...(
    [
      ['project', 'hour', 'project_id', `''`],
      ['project', 'day', 'project_id', `''`],
      ['project-model', 'day', 'project_id', 'model_id'],
      ['model', 'hour', `''`, 'model_id'],
      ['model', 'day', `''`, 'model_id'],
      ['key', 'month', 'project_id', 'api_key_id'],
    ] as const
  ).map(
    ([grain, span, project, group]) =>
      [
        `SELECT start, project_id, group_id, ${SUMS} FROM usage_rollups WHERE grain = '${grain}' AND span = '${span}'`,
        `SELECT date_trunc('${span}', hour, 'UTC') AS start, ${project} AS project_id, ${group} AS group_id, ${SUMMED}
         FROM usage_hourly GROUP BY 1, 2, 3`,
      ] as const,
  ),
];

/** Events are the sums of hours, and those of everything above. */
async function expectSumsToAgree(knex: Knex): Promise<void> {
  await expectHoursToBeSums(knex);
  for (const [have, want] of LEVELS) {
    const { rows } = await knex.raw(
      `WITH have AS (${have}), want AS (${want})
       (TABLE have EXCEPT ALL TABLE want) UNION ALL (TABLE want EXCEPT ALL TABLE have)`,
    );
    expect(rows).toEqual([]);
  }
  const { rows } = await knex.raw(
    `SELECT count(DISTINCT (grain, span))::integer AS levels FROM usage_rollups`,
  );
  expect(rows).toEqual([{ levels: 6 }]);
}

async function expectHoursToBeSums(knex: Knex): Promise<void> {
  const order = 'ORDER BY hour, project_id, api_key_id, model_id';
  const { rows: hours } = await knex.raw(
    `SELECT hour, project_id, api_key_id, model_id, deployment_id, business_unit, ${SUMS} FROM usage_hourly ${order}`,
  );
  const { rows: sums } = await knex.raw(`${EXPECTED} ${order}`);
  expect(hours).toEqual(sums);
}

const shuffled = <T>(items: readonly T[], seed: number): T[] =>
  items
    .map((item, i) => ({ item, at: ((i + 1) * (seed * 2 + 1) * 7919) % 1013 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

describe('DatabaseLedgerStore', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let ledger: DatabaseLedgerStore;

  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await applyMigrations(knex);
    ledger = DatabaseLedgerStore.create({ knex });
  });

  it('books an event as it is, to the last nano-dollar', async () => {
    const huge = event(1, {
      costNanoUsd: 2n ** 62n + 1n,
      errorCode: 'x',
      priceId: DEPLOYMENT,
    });
    expect(await ledger.book([huge])).toBe(1);
    expect(await knex('usage_events').first()).toMatchObject({
      id: huge.id,
      occurred_at: new Date(huge.occurredAt),
      request_id: 'request-1',
      project_id: 'search',
      outcome: 'truncated',
      error_code: 'x',
      input_tokens: '1',
      cached_input_tokens: '1',
      reasoning_tokens: '3',
      price_id: DEPLOYMENT,
      cost_nano_usd: '4611686018427387905',
      time_to_first_token_ms: 1,
    });
  });

  it('books texts as they are, whatever is in them, and tells an empty one from none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.constantFrom(
            ...'"\\,(){}\' \n\tä€𝄞a'.match(/./gsu)!,
            'NULL',
          ),
          maxLength: 12,
        }),
        async requestId => {
          const one = event(1, { requestId, ownerRef: requestId });
          await ledger.book([event(2), one, event(3)]);
          expect(
            await knex('usage_events').where({ id: one.id }).first(),
          ).toMatchObject({
            request_id: requestId,
            owner_ref: requestId,
            occurred_at: new Date(one.occurredAt),
            error_code: null,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses for good what is no row at all', async () => {
    await expect(
      ledger.bookRows(Buffer.from('{"(a,b)"}')),
    ).rejects.toMatchObject({ code: '22P02' });
    await expect(
      ledger.book([event(1, { requestId: 'zero\u0000' })]),
    ).rejects.toMatchObject({ code: '22021' });
  });

  it('books each event once, however often and in whatever order it comes', async () => {
    const events = Array.from({ length: 120 }, (_, n) => event(n));
    expect(await ledger.book(events)).toBe(120);
    expect(await ledger.book(shuffled(events, 3))).toBe(0);
    expect(await ledger.book([...events.slice(50), event(500)])).toBe(1);
    expect(await ledger.book([])).toBe(0);
    await expectSumsToAgree(knex);
  });

  it('books an event once that stands twice in one call', async () => {
    const twice = event(1);
    expect(await ledger.book([twice, twice])).toBe(1);
    await expectSumsToAgree(knex);
  });

  it('books the first of what differs under one id, as if each had come alone', async () => {
    const first = Array.from({ length: 200 }, (_, n) => event(n));
    const later = first.map(one => ({ ...one, costNanoUsd: 7n }));
    // Those that stand last come first by their keys.
    expect(await ledger.book([...first.reverse(), ...later])).toBe(200);
    const { rows } = await knex.raw(
      'SELECT count(*)::integer AS events FROM usage_events WHERE cost_nano_usd = 7',
    );
    expect(rows).toEqual([{ events: 0 }]);
    await expectSumsToAgree(knex);
  });

  it('books once what several writers book at the same time, and none waits for ever', async () => {
    const events = Array.from({ length: 300 }, (_, n) => event(n));
    const writers = [1, 2, 3, 4].map(async seed => {
      let booked = 0;
      const mine = shuffled(events, seed);
      for (let i = 0; i < mine.length; i += 25) {
        booked += await ledger.book(mine.slice(i, i + 25));
      }
      return booked;
    });
    const booked = await Promise.all(writers);
    expect(booked.reduce((a, b) => a + b)).toBe(300);
    expect(await knex('usage_events').count()).toEqual([{ count: '300' }]);
    await expectSumsToAgree(knex);
  });

  it('books nothing of a call of which it refuses something', async () => {
    await expect(
      ledger.book([event(1), event(2, { latencyMs: -1 })]),
    ).rejects.toMatchObject({ code: '23514' });
    expect(await knex('usage_events').count()).toEqual([{ count: '0' }]);
    expect(await knex('usage_hourly').count()).toEqual([{ count: '0' }]);
  });

  it('leaves hours, days, months and balances as they are however often and in whatever order a spool is replayed', async () => {
    const anyEvent = fc.record({
      n: fc.nat(8),
      // Around the ends of an hour, a day and a month.
      at: fc.constantFrom(
        ...['02-28T22:59', '02-28T23:59', '03-01T00:00', '03-01T00:30'].map(
          time => Date.parse(`2026-${time}:59.999Z`),
        ),
      ),
      cost: fc.bigInt({ min: 0n, max: 10n ** 15n }),
    });
    const replays = fc.array(
      fc.record({
        seed: fc.nat(500),
        share: fc.integer({ min: 1, max: 100 }),
        size: fc.integer({ min: 1, max: 40 }),
      }),
      { minLength: 2, maxLength: 4 },
    );
    const balance = async () =>
      (
        await knex.raw(
          `SELECT 'event' AS kind, count(*)::bigint AS n, sum(cost_nano_usd)::text AS cost FROM usage_events
           UNION ALL SELECT 'hour', sum(requests), sum(cost_nano_usd)::text FROM usage_hourly
           UNION ALL SELECT 'day', sum(requests), sum(cost_nano_usd)::text FROM usage_daily`,
        )
      ).rows;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { minLength: 1, maxLength: 60 }),
        replays,
        async (given, runs) => {
          const events = given.map(({ n, at, cost }, i) =>
            event(n, {
              occurredAt: at,
              requestId: `replayed-${i}`,
              costNanoUsd: cost,
            }),
          );
          await ledger.book(events);
          const before = await balance();
          await Promise.all(
            runs.map(async ({ seed, share, size }) => {
              const some = shuffled(events, seed).slice(
                0,
                Math.ceil((events.length * share) / 100),
              );
              for (let i = 0; i < some.length; i += size) {
                await ledger.book(some.slice(i, i + size));
              }
            }),
          );
          expect(await balance()).toEqual(before);
        },
      ),
      { numRuns: 25 },
    );
    await expectSumsToAgree(knex);
  });

  it('makes the sums above hours anew from them', async () => {
    await ledger.book(Array.from({ length: 60 }, (_, n) => event(n)));
    await knex('usage_daily').update({ requests: 7 });
    await knex('usage_rollups').delete();
    await knex.raw('SELECT rebuild_usage_rollups()');
    expect(await knex('usage_daily').sum('requests')).toEqual([{ sum: '60' }]);
    await expectSumsToAgree(knex);
  });

  it('puts events into the month that they belong to', async () => {
    await ensurePartitions(knex, NOON);
    await ledger.book([event(1)]);
    expect(await knex('usage_events_2026_03').count()).toEqual([
      { count: '1' },
    ]);
    await ledger.book([event(1)]);
    await expectSumsToAgree(knex);
  });

  it('notes when a key was last used, and never an earlier time after a later one', async () => {
    await knex('projects').insert({
      id: 'search',
      title: 'Search',
      owner_ref: 'group:default/search',
      business_unit: 'retail',
      type: 'internal',
      created_by: 'test',
      updated_by: 'test',
    });
    await knex('api_keys').insert({
      id: 'keykeykeyke1',
      project_id: 'search',
      owner_kind: 'project',
      label: 'test',
      last_four: 'abcd',
      created_by: 'test',
      revision: 1,
    });
    const lastUsed = async () =>
      (await knex('api_keys').first('last_used_at')).last_used_at;
    await ledger.book([event(1), event(4), event(2)]);
    expect(await lastUsed()).toEqual(new Date(event(4).occurredAt));
    await ledger.book([event(1)]);
    expect(await lastUsed()).toEqual(new Date(event(4).occurredAt));
  });
});
