import { TestDatabases } from '@backstage/backend-test-utils';
import { AdmissionStage } from './__testUtils__/AdmissionStage';
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
});
