import { TestDatabases } from '@backstage/backend-test-utils';
import { randomUUID } from 'node:crypto';
import { eventually } from './__testUtils__/eventually';
import {
  BILLED,
  play,
  UNBILLED,
  ScriptedStage,
} from './__testUtils__/ScriptedStage';
import { answerOf } from './__testUtils__/ScriptedUpstream';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('fallback', () => {
  let stage: ScriptedStage;

  beforeAll(async () => {
    stage = await ScriptedStage.create(await databases.init('POSTGRES_18'));
  });
  afterAll(() => stage?.close());

  describe('to another model', () => {
    beforeAll(async () => {
      stage.scripts.set('down', () => play(answerOf(503, '{}')));
      await stage.addModel('small', ['sound']);
      await stage.plane.addAlias('smallest', 'small');
      await stage.addModel('large', ['down'], { fallbackModels: ['smallest'] });
      await stage.plane.addAlias('best', 'large');
    });

    it('says which has answered, and bills that one', async () => {
      const answer = await eventually(async () => {
        const got = await stage.ask('best');
        return got.status === 200 ? got : undefined;
      });
      expect(answer.headers.get('x-ai-gateway-model')).toBe('small');
      expect(await stage.attemptsOf(answer)).toMatchObject([
        { ...UNBILLED, model_id: 'large', attempt: 1 },
        { ...UNBILLED, model_id: 'large', attempt: 2 },
        { ...BILLED, model_id: 'small', attempt: 3 },
      ]);
    });

    it('is not made where the key may not call it', async () => {
      const scoped = await stage.plane.addKey({ modelScope: ['large'] });
      const answer = await eventually(async () => {
        const got = await stage.ask('large', { key: scoped });
        return got.status === 401 ? undefined : got;
      });
      expect(answer.status).toBe(502);
      expect(answer.headers.get('x-ai-gateway-model')).toBeNull();
    });
  });

  it('to another model is not made where a policy denies that', async () => {
    const denied = await stage.plane.addKey();
    const asked = () => stage.ask('large', { key: denied });
    await eventually(async () => (await asked()).status === 200);
    await stage.plane.change((tx, revision) =>
      tx('policies').insert({
        id: randomUUID(),
        subject_kind: 'key',
        subject_id: denied.id,
        denied_models: ['small'],
        revision,
        created_by: 'user:default/test',
        updated_by: 'user:default/test',
      }),
    );
    const answer = await eventually(async () => {
      const got = await asked();
      return got.status === 200 ? undefined : got;
    });
    expect(answer.status).toBe(502);
    expect(await stage.attemptsOf(answer)).toMatchObject([
      { ...UNBILLED, model_id: 'large' },
      { ...UNBILLED, model_id: 'large' },
    ]);
  });

  it("to another model counts for that model's own subscription, and is not made where that is used up", async () => {
    await stage.addModel('reserve', ['sound']);
    await stage.addModel('main', ['down'], { fallbackModels: ['reserve'] });
    const own = await stage.plane.addLimit('subscription:search/main', {
      measure: 'requests',
      window: 'day',
      amount: 100,
    });
    await stage.plane.addLimit('subscription:search/reserve', {
      measure: 'requests',
      window: 'day',
      amount: 1,
    });
    const first = await eventually(async () => {
      const got = await stage.ask('main');
      return got.status === 200 ? got : undefined;
    });
    expect(first.headers.get('x-ai-gateway-model')).toBe('reserve');
    const second = await stage.ask('main');
    expect(second.status).toBe(502);
    expect(
      (await stage.attemptsOf(second)).map(row => row.model_id),
    ).not.toContain('reserve');
    // The model itself is used up as well, and for whoever asks for it.
    expect((await stage.ask('reserve')).status).toBe(429);

    // Of the model that was asked for only its own attempts were counted.
    await stage.plane.changeRule('limits', own, { amount: 1 });
    const refused = await eventually(async () => {
      const got = await stage.ask('main');
      return got.status === 429 ? got : undefined;
    });
    expect(JSON.parse(refused.text).error.limits).toMatchObject([
      { level: 'subscription', subject: 'search/main', limit: 1 },
    ]);
  });
});
