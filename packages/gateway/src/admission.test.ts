import { TestDatabases } from '@backstage/backend-test-utils';
import { AdmissionStage } from './__testUtils__/AdmissionStage';
import { eventually } from './__testUtils__/eventually';
import type { TestKey } from './__testUtils__/TestControlPlane';
import type { RunningGateway } from './app';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('admission', () => {
  let stage: AdmissionStage;
  let gateway: RunningGateway;
  let key: TestKey;

  beforeEach(async () => {
    stage = await AdmissionStage.create(await databases.init('POSTGRES_18'));
    key = await stage.plane.addKey();
    gateway = await stage.start();
  });

  afterEach(() => stage.close());

  it.each([
    ['key', () => `key:${key.id}`],
    ['user', () => 'user:user:default/ada'],
    ['subscription', () => 'subscription:search/big'],
    ['project', () => 'project:search'],
    ['business-unit', () => 'business-unit:retail'],
    ['organisation', () => 'organisation:default'],
  ])('refuses by the level of the %s, and says so', async (level, subject) => {
    await stage.plane.addLimit(subject(), {
      measure: 'requests',
      window: 'minute',
      amount: 2,
    });
    await stage.plane.applied();
    const first = await stage.ask(gateway, key);
    expect(first.status).toBe(200);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(first.headers.get('x-ratelimit-reset-requests')).toMatch(
      /^(1m[01]|60|59)s$/,
    );
    await stage.ask(gateway, key);
    const refused = await stage.ask(gateway, key);
    expect(refused.status).toBe(429);
    expect(refused.error).toMatchObject({
      code: 'rate_limit_exceeded',
      limits: [
        {
          level,
          subject: subject().slice(level.length + 1),
          measure: 'requests',
          window: 'minute',
          limit: 2,
          spent: 2,
          reserved: 0,
          asked: 1,
          clears_at: expect.stringMatching(/^20.*Z$/),
          retry_after_seconds: expect.any(Number),
        },
      ],
    });
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(55);
    expect(retryAfter).toBeLessThanOrEqual(61);
    expect(refused.headers.get('x-ratelimit-remaining-requests')).toBe('0');
  });

  it('refuses with 402 once a budget is spent, and with 429 where the budget says so', async () => {
    // A completion costs about 0.03 dollars.
    const budget = await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: 0.03,
    });
    await stage.plane.applied();
    let answered = 0;
    let refused = await stage.ask(gateway, key);
    while (refused.error === null) {
      answered += 1;
      refused = await stage.ask(gateway, key);
    }
    expect(answered).toBe(1);
    expect(refused.status).toBe(402);
    expect(refused.error).toMatchObject({
      code: 'budget_exceeded',
      limits: [
        {
          level: 'project',
          subject: 'search',
          unit: 'usd',
          limit: '0.03',
          spent: expect.stringMatching(/^0\.0\d+$/),
          reserved: '0',
        },
      ],
    });
    expect(refused.error?.message).toContain("Project 'search' may use $0.03");
    await stage.plane.changeRule('budgets', budget, { refusal_status: 429 });
    await stage.plane.applied();
    expect((await stage.ask(gateway, key)).status).toBe(429);
    // A budget that is raised holds from the next request on, and forgets nothing.
    await stage.plane.changeRule('budgets', budget, {
      amount_nano_usd: '1000000000',
    });
    await stage.plane.applied();
    expect((await stage.ask(gateway, key)).status).toBe(200);
    await stage.plane.removeRule('budgets', budget);
    await stage.plane.applied();
    expect((await stage.ask(gateway, key)).status).toBe(200);
  });

  it('makes a fraction follow its parent when that changes, in the midst of the minute', async () => {
    const parent = await stage.plane.addLimit('project:search', {
      measure: 'requests',
      window: 'minute',
      amount: 4,
    });
    await stage.plane.addLimit(`key:${key.id}`, {
      measure: 'requests',
      window: 'minute',
      fraction: 0.5,
    });
    await stage.plane.applied();
    const statuses = async (count: number) => {
      const seen: number[] = [];
      for (let i = 0; i < count; i++) {
        seen.push((await stage.ask(gateway, key)).status);
      }
      return seen;
    };
    expect(await statuses(3)).toEqual([200, 200, 429]);
    await stage.plane.changeRule('limits', parent, { amount: 8 });
    await stage.plane.applied();
    // Four, of which two are used.
    expect(await statuses(3)).toEqual([200, 200, 429]);
    await stage.plane.changeRule('limits', parent, { amount: 2 });
    await stage.plane.applied();
    const refused = await stage.ask(gateway, key);
    expect(refused.error?.limits).toMatchObject([
      { level: 'key', limit: 1, spent: 4 },
      { level: 'project', limit: 2, spent: 4 },
    ]);
  });

  it('counts tokens by the minute as they were used, and says what is left of them', async () => {
    await stage.plane.addLimit('project:search', {
      measure: 'tokens',
      window: 'minute',
      amount: 1_000,
    });
    await stage.plane.applied();
    const first = await stage.ask(gateway, key);
    const used = first.completion?.usage?.total_tokens ?? NaN;
    const second = await stage.ask(gateway, key);
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('1000');
    const reserved =
      1_000 - used - Number(second.headers.get('x-ratelimit-remaining-tokens'));
    // What the second reserved for itself: its prompt by an estimate, and its ten tokens.
    expect(reserved).toBeGreaterThan(10);
    expect(reserved).toBeLessThan(30);
  });

  it('never refuses an account that is nearly unused for a large max_tokens', async () => {
    await stage.plane.addBudget('project:search', {
      window: 'total',
      amount: 10,
    });
    await stage.plane.addLimit(`key:${key.id}`, {
      measure: 'tokens',
      window: 'day',
      amount: 2_000,
    });
    await stage.plane.applied();
    const asked = await Promise.all(
      Array.from({ length: 3 }, () =>
        // A million tokens would cost 2,000 dollars.
        stage.ask(gateway, key, { max_tokens: 1_000_000 }),
      ),
    );
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('lets no request take more than is left of its budget by itself', async () => {
    // Room for the prompt and about a hundred tokens.
    await stage.plane.addBudget('project:search', {
      window: 'total',
      amount: 0.22,
    });
    await stage.plane.applied();
    const generated: number[] = [];
    for (const more of [{ max_tokens: 5_000 }, { max_tokens: undefined }]) {
      const { completion } = await stage.ask(gateway, key, {
        messages: [{ role: 'user', content: 'Write as much as you can.' }],
        ...more,
      });
      generated.push(completion?.usage?.completion_tokens ?? 0);
    }
    expect(Math.max(...generated)).toBeGreaterThan(0);
    expect(Math.max(...generated)).toBeLessThanOrEqual(110);
    await eventually(async () => (await stage.plane.events()).length > 0);
    expect(await stage.spent()).toBeLessThanOrEqual(230_000_000n);
  });

  describe('thresholds of a budget', () => {
    /** Of 1 dollar, so that four completions are over a tenth of it. */
    const budgetWith = async (thresholds: readonly object[]) => {
      await stage.plane.addBudget('project:search', {
        window: 'month',
        amount: 1,
        thresholds,
      });
      await stage.plane.applied();
    };
    const spendATenth = async () => {
      let cost = 0;
      while (cost < 0.1) {
        const { completion } = await stage.ask(gateway, key);
        const { prompt_tokens: input = NaN, completion_tokens: output = NaN } =
          completion?.usage ?? {};
        cost += input * 0.001 + output * 0.002;
      }
    };

    it('throttle: the subject has a lower rate from the very next request on', async () => {
      await budgetWith([
        { percent: 10, action: 'throttle', requestsPerMinute: 1 },
      ]);
      await spendATenth();
      const refused = await stage.ask(gateway, key);
      expect(refused.status).toBe(429);
      expect(refused.error?.limits).toMatchObject([
        {
          level: 'project',
          measure: 'requests',
          window: 'minute',
          limit: 1,
          throttled: true,
        },
      ]);
      expect(refused.error?.message).toContain('as its budget is nearly spent');
    });

    it('downshift: requests go to the named model, and the answer says so', async () => {
      await budgetWith([{ percent: 10, action: 'downshift', model: 'small' }]);
      const before = await stage.ask(gateway, key);
      expect(before.headers.get('x-ai-gateway-downshifted-from')).toBeNull();
      await spendATenth();
      const after = await stage.ask(gateway, key);
      expect(after.headers.get('x-ai-gateway-downshifted-from')).toBe('big');
      expect(after.completion?.model).toBe('sim-small');
      const id = after.headers.get('x-request-id');
      const event = await eventually(async () =>
        (await stage.plane.events()).find(row => row.request_id === id),
      );
      expect(Number(event.cost_nano_usd)).toBeLessThan(100_000);
    });

    it('downshift: goes nowhere that the key or a policy does not allow', async () => {
      const scoped = await stage.plane.addKey({ modelScope: ['big'] });
      await stage.plane.addPolicy(`key:${key.id}`, {
        denied_models: ['small'],
      });
      await budgetWith([{ percent: 1, action: 'downshift', model: 'small' }]);
      for (const its of [key, scoped]) {
        await stage.ask(gateway, its);
        const { status, completion } = await stage.ask(gateway, its);
        expect(status).toBe(200);
        expect(completion?.model).toBe('sim-instant');
      }
    });

    it('block: at any percentage; and without one spending goes on', async () => {
      await budgetWith([
        { percent: 1, action: 'notify' },
        { percent: 10, action: 'block' },
      ]);
      await spendATenth().catch(() => undefined);
      const refused = await stage.ask(gateway, key);
      expect(refused.status).toBe(402);
      expect(refused.error?.limits).toMatchObject([{ limit: '0.1' }]);
      const [{ id }] = await stage.plane.knex('budgets');
      await stage.plane.changeRule('budgets', id, {
        thresholds: JSON.stringify([{ percent: 100, action: 'notify' }]),
        amount_nano_usd: 1,
      });
      await stage.plane.applied();
      expect((await stage.ask(gateway, key)).status).toBe(200);
    });
  });

  describe('concurrency', () => {
    const open = async (content = 'Hi') => {
      const abort = new AbortController();
      const stream = await stage.client(gateway, key).chat.completions.create(
        {
          model: 'small',
          stream: true,
          messages: [{ role: 'user', content }],
        },
        { signal: abort.signal },
      );
      return { stream, abort };
    };

    it('is leases: what is over, hung up or failed is free again', async () => {
      await stage.plane.addLimit(`key:${key.id}`, {
        measure: 'concurrency',
        window: 'none',
        amount: 2,
      });
      await stage.plane.applied();
      const [a, b] = [await open(), await open()];
      const refused = await stage.ask(gateway, key);
      expect(refused.status).toBe(429);
      expect(refused.error).toMatchObject({
        code: 'concurrency_limit_exceeded',
        limits: [{ limit: 2, reserved: 2 }],
      });
      expect(refused.headers.get('retry-after')).toBe('1');
      // One hangs up, the other is read to its end.
      a.abort.abort();
      await eventually(
        async () => (await stage.ask(gateway, key)).status === 200,
      );
      for await (const _ of b.stream);
      for (let i = 0; i < 3; i++) {
        const { status } = await stage.ask(gateway, key, { model: 'failing' });
        expect(status).toBe(502);
      }
      const both = await Promise.all([
        stage.ask(gateway, key),
        stage.ask(gateway, key),
      ]);
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
    });
  });

  describe('policies', () => {
    it('of every level hold: what one denies, none below can allow', async () => {
      await stage.plane.addPolicy('organisation:default', {
        denied_models: ['big'],
      });
      await stage.plane.addPolicy(`key:${key.id}`, {
        allowed_models: ['big', 'small'],
      });
      await stage.plane.applied();
      const refused = await stage.ask(gateway, key);
      expect(refused.status).toBe(403);
      expect(refused.error).toMatchObject({
        code: 'model_denied_by_policy',
        message: expect.stringContaining('the organisation'),
      });
      expect((await stage.ask(gateway, key, { model: 'small' })).status).toBe(
        200,
      );
      const { data } = await stage.client(gateway, key).models.list();
      expect(data.map(({ id }) => id)).toEqual(['small']);
    });

    it('allow and deny endpoints', async () => {
      await stage.plane.addPolicy('project:search', {
        allowed_endpoints: ['embeddings'],
      });
      await stage.plane.applied();
      const refused = await stage.ask(gateway, key);
      expect(refused.status).toBe(403);
      expect(refused.error).toMatchObject({
        code: 'endpoint_denied_by_policy',
        message: expect.stringContaining("project 'search'"),
      });
    });

    it('refuse what asks for too much, or clamp it, as they declare', async () => {
      const policy = await stage.plane.addPolicy('project:search', {
        max_output_tokens: 5,
        max_context_tokens: 200,
      });
      await stage.plane.applied();
      expect((await stage.ask(gateway, key)).error).toMatchObject({
        code: 'output_exceeds_policy',
      });
      // What does not say how much it wants gets what there is.
      const silent = await stage.ask(gateway, key, { max_tokens: undefined });
      expect(silent.completion?.usage?.completion_tokens).toBe(5);
      await stage.plane.changeRule('policies', policy, {
        when_exceeded: 'clamp',
      });
      await stage.plane.applied();
      const clamped = await stage.ask(gateway, key);
      expect(clamped.completion?.usage?.completion_tokens).toBe(5);
      const long = await stage.ask(gateway, key, {
        messages: [{ role: 'user', content: 'word '.repeat(400) }],
      });
      expect(long.status).toBe(400);
      expect(long.error?.code).toBe('context_exceeds_policy');
    });
  });

  it('refuses a configuration whole that it does not understand, and says why', async () => {
    await stage.plane.addLimit('project:search', {
      measure: 'requests',
      window: 'minute',
      amount: 1,
    });
    await stage.plane.applied();
    const budget = await stage.plane.addBudget('project:search', {
      window: 'month',
      amount: 1,
      thresholds: [{ percent: 50, action: 'sing' }],
    });
    const reported = await eventually(async () => {
      const row = await stage.plane.knex('gateway_replicas').first();
      return row.configuration_error;
    });
    expect(reported).toContain("the budget of project 'search'");
    expect((await stage.ask(gateway, key)).status).toBe(200);
    expect((await stage.ask(gateway, key)).status).toBe(429);
    await stage.plane.removeRule('budgets', budget);
    await stage.plane.applied();
    const row = await stage.plane.knex('gateway_replicas').first();
    expect(row.configuration_error).toBeNull();
  });
});
