import {
  endpoints,
  usageQuerySchema,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Person } from '../__testUtils__/people';
import {
  seedProject,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';
import { insertUsage } from '../__testUtils__/usageRows';
import { createStores } from '../database/Stores';
import { UsageService } from '../services/UsageService';

describe('usage', () => {
  let plane: TestControlPlane;
  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
  });

  const report = async (
    query: Record<string, string | number>,
    person: Person = 'alice',
  ) => {
    const { status, body } = await plane.call(person, endpoints.getUsage, {
      query: {
        from: '2026-01-01T00:00:00Z',
        to: '2026-01-04T00:00:00Z',
        ...query,
      },
    });
    expect({ status, body }).toEqual({ status: 200, body });
    return body;
  };

  it('fills days without usage with zeros, and sums up exactly', async () => {
    await insertUsage(plane, [
      {
        hour: '2026-01-01T05:00:00Z',
        requests: 3,
        errors: 1,
        input: 100,
        output: 20,
        cost: '90071992547409931',
        latencyMsSum: 300,
        firstTokenMsSum: 50,
        firstTokenCount: 2,
      },
      {
        hour: '2026-01-03T23:00:00Z',
        requests: 1,
        input: 7,
        cost: '1',
        latencyMsSum: 100,
      },
      { hour: '2026-01-04T00:00:00Z', requests: 1000, cost: '5' },
      { hour: '2025-12-31T23:00:00Z', requests: 9, cost: '2000000000' },
      { hour: '2025-12-28T23:00:00Z', requests: 1000, cost: '5' },
    ]);

    const usage = await report({});

    expect(usage.buckets).toEqual([
      {
        start: '2026-01-01T00:00:00.000Z',
        end: '2026-01-02T00:00:00.000Z',
        incomplete: false,
      },
      {
        start: '2026-01-02T00:00:00.000Z',
        end: '2026-01-03T00:00:00.000Z',
        incomplete: false,
      },
      {
        start: '2026-01-03T00:00:00.000Z',
        end: '2026-01-04T00:00:00.000Z',
        incomplete: false,
      },
    ]);
    expect(usage.totals).toEqual({
      requests: 4,
      errors: 1,
      tokens: {
        input: 107,
        cachedInput: 0,
        cacheWrite: 0,
        output: 20,
        reasoning: 0,
        audio: 0,
        image: 0,
      },
      costUsd: '90071992.547409932',
      latencyMs: 100,
      timeToFirstTokenMs: 25,
    });
    expect(usage.previousTotals).toMatchObject({ requests: 9, costUsd: '2' });
    expect(usage.groups).toHaveLength(1);
    expect(usage.groups[0].points.map(point => point.requests)).toEqual([
      3, 0, 1,
    ]);
    expect(usage.groups[0].points[1]).toMatchObject({
      costUsd: '0',
      latencyMs: null,
      timeToFirstTokenMs: null,
    });
  });

  it('counts hours to the days of the zone that was asked for, also where clocks change', async () => {
    await insertUsage(plane, [
      { hour: '2026-03-28T22:00:00Z', requests: 1 },
      { hour: '2026-03-28T23:00:00Z', requests: 10 },
      { hour: '2026-03-29T21:00:00Z', requests: 100 },
      { hour: '2026-03-29T22:00:00Z', requests: 1000 },
    ]);
    const { groups } = await report({
      from: '2026-03-28T00:00:00+01:00',
      to: '2026-03-31T00:00:00+02:00',
      timeZone: 'Europe/Berlin',
    });
    expect(groups[0].points.map(point => point.requests)).toEqual([
      1, 110, 1000,
    ]);
  });

  it('has the running hour, whether the span ends within it or with it, and marks it as incomplete', async () => {
    await insertUsage(plane, [
      { hour: '2026-01-02T14:00:00Z', requests: 1 },
      { hour: '2026-01-02T15:00:00Z', requests: 10 },
    ]);
    const service = UsageService.create({
      stores: createStores(plane.db),
      clock: () => Date.parse('2026-01-02T15:20:00Z'),
    });
    for (const to of ['2026-01-02T15:20:00Z', '2026-01-02T16:00:00Z']) {
      const series = await service.report(
        { kind: 'everything' },
        usageQuerySchema.parse({
          from: '2026-01-02T14:00:00Z',
          to,
          bucket: 'hour',
        }),
      );
      expect(series.groups[0].points.map(point => point.requests)).toEqual([
        1, 10,
      ]);
    }
    const { buckets } = await service.report(
      { kind: 'everything' },
      usageQuerySchema.parse({
        from: '2026-01-02T14:00:00Z',
        to: '2026-01-02T17:00:00Z',
        bucket: 'hour',
      }),
    );
    expect(buckets.map(({ incomplete }) => incomplete)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('lets the most expensive groups stand alone and sums up the rest, last', async () => {
    await insertUsage(
      plane,
      ['a', 'b', 'c', 'd'].map((modelId, i) => ({
        hour: '2026-01-02T00:00:00Z',
        modelId,
        requests: 10 ** (3 - i),
        cost: String(10 ** i),
      })),
    );
    const { groups, totals } = await report({ top: 2 });
    expect(
      groups.map(group => [
        group.id,
        group.label,
        group.totals.costUsd,
        group.totals.requests,
      ]),
    ).toEqual([
      ['d', 'd', '0.000001', 1],
      ['c', 'c', '0.0000001', 10],
      ['~other', 'Other', '0.000000011', 1100],
    ]);
    expect(totals).toMatchObject({ requests: 1111, costUsd: '0.000001111' });
  });

  it('names groups as people do', async () => {
    const provider = await seedProvider(plane);
    await seedPublishedModel(plane, 'gpt-4o', provider.id, { title: 'Omni' });
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: { label: 'Laptop', projectId: 'checkout' },
    });
    await insertUsage(plane, [
      { hour: '2026-01-02T00:00:00Z', apiKeyId: apiKey.id },
    ]);
    const labelOf = async (groupBy: string) => {
      const { groups } = await report({ groupBy });
      return [groups[0].id, groups[0].label];
    };
    expect(await labelOf('model')).toEqual(['gpt-4o', 'Omni']);
    expect(await labelOf('key')).toEqual([apiKey.id, 'Laptop']);
    expect(await labelOf('project')).toEqual(['checkout', 'Project checkout']);
  });

  it('shows an engineer the usage of their own teams, whatever they ask for, and an admin all', async () => {
    await insertUsage(plane, [
      { hour: '2026-01-02T00:00:00Z', projectId: 'checkout', requests: 1 },
      {
        hour: '2026-01-02T00:00:00Z',
        projectId: 'ranking',
        apiKeyId: 'bbbbbbbbbbbb',
        requests: 10,
      },
      { hour: '2025-12-30T00:00:00Z', projectId: 'ranking', requests: 100 },
    ]);
    const seen = async (person: Person, query: Record<string, string> = {}) => {
      const { totals, previousTotals, groups } = await report(query, person);
      return [totals.requests, previousTotals.requests, groups.length];
    };
    expect(await seen('alice')).toEqual([1, 0, 1]);
    expect(await seen('bob')).toEqual([10, 100, 1]);
    expect(await seen('admin')).toEqual([11, 100, 1]);
    expect(await seen('service')).toEqual([11, 100, 1]);
    expect(await seen('alice', { projectId: 'ranking' })).toEqual([0, 0, 0]);
    expect(await seen('alice', { apiKeyId: 'bbbbbbbbbbbb' })).toEqual([
      0, 0, 0,
    ]);
    expect(await seen('alice', { groupBy: 'project' })).toEqual([1, 0, 1]);
    expect(await seen('admin', { projectId: 'ranking' })).toEqual([10, 100, 1]);
    expect(await seen('admin', { apiKeyId: 'bbbbbbbbbbbb' })).toEqual([
      10, 0, 1,
    ]);
    expect(await seen('admin', { modelId: 'other' })).toEqual([0, 0, 0]);
  });

  it.each([
    [{ to: '2026-01-01T00:00:00Z' }, 'to'],
    [{ to: '2025-01-01T00:00:00Z' }, 'to'],
    [{ from: '1999-12-31T23:59:59Z' }, 'from'],
    [{ from: '0000-01-01T00:00:00Z' }, 'from'],
    [{ to: '9999-12-31T23:59:59Z' }, 'to'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: '2025-11-01T00:00:00Z', bucket: 'hour' }, 'bucket'],
    [{ from: '2023-10-01T00:00:00Z' }, 'bucket'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ top: '0' }, 'top'],
    [{ groupBy: 'mood' }, 'groupBy'],
    [{ apiKeyId: "x' OR 1=1 --" }, 'apiKeyId'],
  ])('refuses %j', async (query, path) => {
    const { status, body } = await plane.call('alice', endpoints.getUsage, {
      query: {
        from: '2026-01-01T00:00:00Z',
        to: '2026-01-04T00:00:00Z',
        ...query,
      },
    });
    expect(status).toBe(400);
    expect(body.error.fields?.map(field => field.path)).toEqual([path]);
  });
});
