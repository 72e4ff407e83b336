import { TestDatabases } from '@backstage/backend-test-utils';
import { eventually } from './__testUtils__/eventually';
import {
  BILLED,
  cut,
  ERROR,
  EVENTS,
  play,
  STREAM,
  ScriptedStage,
} from './__testUtils__/ScriptedStage';
import { answerOf, streamOf } from './__testUtils__/ScriptedUpstream';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('the health of deployments', () => {
  let stage: ScriptedStage;

  beforeAll(async () => {
    stage = await ScriptedStage.create(await databases.init('POSTGRES_18'));
  });
  afterAll(() => stage?.close());

  it('leaves a deployment alone whose provider limits requests, for as long as it says', async () => {
    stage.scripts.set('limited', () =>
      play(answerOf(429, '{}', { 'retry-after': '2' })),
    );
    await stage.addModel('limited', ['limited', 'sound']);
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      const answer = await stage.ask('limited');
      expect(answer.status).toBe(200);
      ids.push(answer.requestId);
    }
    const asked = stage.upstream.requests.get('limited') ?? 0;
    expect(asked).toBeLessThan(5);
    const events = await stage.booked(ids);
    const all = [...events.values()].flat();
    expect(all.filter(row => row.outcome === 'complete')).toHaveLength(40);
    expect(all).toHaveLength(40 + asked);
    await eventually(async () => {
      await stage.ask('limited');
      return (stage.upstream.requests.get('limited') ?? 0) > asked;
    });
  });

  it('refuses at once when each deployment is left alone, which costs nothing', async () => {
    stage.scripts.set('alone', () =>
      play(answerOf(429, '{}', { 'retry-after': '30' })),
    );
    await stage.addModel('alone', ['alone']);
    await stage.ask('alone');
    const refused = await stage.ask('alone');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(25);
    expect(stage.upstream.requests.get('alone')).toBe(1);
    expect(await stage.attemptsOf(refused)).toMatchObject([
      { outcome: 'refused', usage_source: 'none', cost_nano_usd: '0' },
    ]);

    stage.scripts.set('broken', () => play(answerOf(500, '{}')));
    await stage.addModel('broken', ['broken'], {
      retries: { attempts: 1 },
      health: { failures: 1, openMs: 60_000, probe: false },
    });
    await stage.ask('broken');
    const open = await stage.ask('broken');
    expect(open.status).toBe(503);
    expect(JSON.parse(open.text).error.code).toBe('upstream_unavailable');
    expect(stage.upstream.requests.get('broken')).toBe(1);
  });

  it('hides a deployment that flaps, leaves it alone while it does, and bills each answer once', async () => {
    const faults = [
      () => play(answerOf(500, '{}')),
      () => cut(Buffer.concat(STREAM), 30),
      () => play(...streamOf([EVENTS[1], ERROR])),
      () => play(...STREAM),
    ];
    stage.scripts.set('flapping', request => faults[request % 4]());
    await stage.addModel('flaps', ['flapping', 'sound'], {
      health: { failures: 3, openMs: 300, maxOpenMs: 300, probe: false },
    });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        await new Promise(resolve => setTimeout(resolve, n * 10));
        return stage.ask('flaps');
      }),
    );
    expect(
      answers.filter(({ text }) => text.endsWith('data: [DONE]\n\n')),
    ).toHaveLength(200);
    const events = await stage.booked(
      answers.map(({ requestId }) => requestId),
    );
    for (const attempts of events.values()) {
      const billed = attempts.filter(row => row.cost_nano_usd !== '0');
      expect(billed).toMatchObject([BILLED]);
    }
    expect(stage.upstream.requests.get('flapping')).toBeLessThan(150);
  });

  it('finds a deployment again by asking what costs nothing, long before it would have been tried', async () => {
    stage.scripts.set('recovers', request =>
      request === 1 ? play(answerOf(500, '{}')) : play(...STREAM),
    );
    await stage.addModel('recovers', ['recovers'], {
      retries: { attempts: 1 },
      health: { failures: 1, openMs: 600_000, maxOpenMs: 600_000 },
    });
    expect((await stage.ask('recovers')).status).toBe(502);
    expect((await stage.ask('recovers')).status).toBe(503);
    const state = () =>
      stage.plane
        .knex('deployment_states')
        .whereIn(
          'deployment_id',
          stage.plane
            .knex('deployments')
            .where('model_id', 'recovers')
            .select('id'),
        )
        .first();
    const open = await eventually(state);
    expect(open).toMatchObject({ state: 'open', reason: 'upstream_error' });
    expect(open.until.getTime()).toBeGreaterThan(Date.now() + 500_000);
    await eventually(async () => (await stage.ask('recovers')).status === 200, {
      withinMs: 15_000,
    });
    expect(stage.upstream.requests.get('*')).toBeGreaterThan(0);
    expect(stage.upstream.requests.get('recovers')).toBe(2);
    await eventually(async () => (await state()).state === 'healthy');
    expect((await state()).first_token_ms).not.toBeNull();
  });

  it('lets a deployment finish that is no longer published', async () => {
    const [head, , , hello, ...rest] = STREAM;
    stage.scripts.set('leaving', () =>
      play(head, hello, { waitMs: 2_000 }, ...rest),
    );
    const { deploymentId } = await stage.plane.addModel('leaves', {
      providerId: stage.providerId,
      upstreamModel: 'leaving',
    });
    await eventually(
      async () => (await stage.ask('leaves')).status === 200 || undefined,
    );
    const answering = stage.ask('leaves');
    await new Promise(resolve => setTimeout(resolve, 300));
    await stage.plane.setPublished(deploymentId, false);
    await eventually(
      async () => (await stage.ask('leaves')).status === 404 || undefined,
    );
    const answer = await answering;
    expect(answer.text.endsWith('data: [DONE]\n\n')).toBe(true);
  });
});
