import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { seedModel, seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import { insertUsage } from '../__testUtils__/usageRows';

describe('what holds for an API key', () => {
  let plane: TestControlPlane;
  let apiKeyId: string;

  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
    for (const model of ['large', 'small']) await seedModel(plane, model);
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: { label: 'x', projectId: 'checkout' },
    });
    apiKeyId = apiKey.id;
  });

  const subjects = () => [
    { kind: 'organisation', id: 'default' } as const,
    { kind: 'business-unit', id: 'Unit of payments' } as const,
    { kind: 'project', id: 'checkout' } as const,
    { kind: 'subscription', id: 'checkout/small' } as const,
    { kind: 'user', id: 'user:default/alice' } as const,
    { kind: 'key', id: apiKeyId } as const,
    // Not of this key.
    { kind: 'project', id: 'ranking' } as const,
    { kind: 'subscription', id: 'ranking/small' } as const,
    { kind: 'user', id: 'user:default/bob' } as const,
  ];
  const ask = (person: 'alice' | 'carol' | 'bob' | 'admin') =>
    plane.ok(person, endpoints.getApiKeyLimits, { params: { apiKeyId } });

  it('is told of every level, the narrowest first', async () => {
    for (const subject of subjects()) {
      await plane.ok('admin', endpoints.createLimit, {
        body: {
          subject,
          measure: 'tokens',
          window: 'minute',
          amount:
            subject.kind === 'key'
              ? { kind: 'fraction', fraction: 0.5 }
              : { kind: 'absolute', value: 1000 },
        },
      });
    }
    const { limits } = await ask('alice');
    expect(
      limits.map(({ subject, effective }) => [subject.kind, effective]),
    ).toEqual([
      ['key', 500],
      ['user', 1000],
      ['subscription', 1000],
      ['project', 1000],
      ['business-unit', 1000],
      ['organisation', 1000],
    ]);
    expect(
      (await ask('carol')).limits.map(({ subject }) => subject.kind),
    ).not.toContain('user');
  });

  it('is told with what is spent', async () => {
    const hour = new Date();
    hour.setUTCMinutes(0, 0, 0);
    await insertUsage(plane, [
      { hour: hour.toISOString(), apiKeyId, cost: '2000000000' },
      { hour: hour.toISOString(), cost: '3000000000' },
    ]);
    for (const subject of subjects()) {
      if (subject.kind === 'user') continue;
      await plane.ok('admin', endpoints.createBudget, {
        body: {
          subject,
          window: 'month',
          amount: { kind: 'absolute', usd: '10' },
        },
      });
    }
    const { budgets } = await ask('alice');
    expect(
      budgets.map(({ subject, running }) => [subject.kind, running.spentUsd]),
    ).toEqual([
      ['key', '2'],
      ['subscription', '0'],
      ['project', '5'],
      ['business-unit', '0'],
      ['organisation', '5'],
    ]);
  });

  it('is told with the policies, and with what they come to', async () => {
    const set = (body: object) =>
      plane.call('admin', endpoints.createPolicy, { body });
    await set({ subject: { kind: 'organisation' }, deniedModels: ['large'] });
    await set({
      subject: { kind: 'project', id: 'checkout' },
      maxOutputTokens: 100,
      bodyCapture: 'off',
    });
    await set({ subject: { kind: 'key', id: apiKeyId }, bodyCapture: 'full' });
    const { policies, policy } = await ask('alice');
    expect(policies.map(({ subject }) => subject.kind)).toEqual([
      'key',
      'project',
      'organisation',
    ]);
    expect(policy).toMatchObject({
      deniedModels: ['large'],
      maxOutputTokens: { tokens: 100, subject: { kind: 'project' } },
      bodyCapture: { mode: 'full', subject: { kind: 'key' } },
    });
  });

  it('leaves out subscriptions of models that the key may not call', async () => {
    const { id } = await seedModel(plane, 'third');
    await plane
      .db('api_keys')
      .where({ id: apiKeyId })
      .update({ model_scope: [id] });
    await plane.ok('admin', endpoints.createLimit, {
      body: {
        subject: { kind: 'subscription', id: 'checkout/small' },
        measure: 'requests',
        window: 'day',
        amount: { kind: 'absolute', value: 5 },
      },
    });
    expect((await ask('alice')).limits).toEqual([]);
  });
});
