import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { randomUUID } from 'node:crypto';
import { seedModel } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('gateways', () => {
  it('lists those seen in the last day, tells which are gone, and the newest revision', async () => {
    const plane = await TestControlPlane.start();
    await seedModel(plane, 'gpt-4o');
    const seen = async (
      hostname: string,
      secondsAgo: number,
      state: string,
      error: string | null = null,
    ) =>
      plane.db('gateway_replicas').insert({
        id: randomUUID(),
        hostname,
        version: '1.0.0',
        started_at: plane.db.raw("now() - interval '2 days'"),
        last_seen_at: plane.db.raw("now() - ? * interval '1 second'", [
          secondsAgo,
        ]),
        state,
        applied_revision: 1,
        applied_at: new Date(),
        configuration_error: error,
      });
    await seen('silent', 20, 'ready');
    await seen('leaving', 5, 'draining');
    await seen('well', 1, 'ready', 'Model x has no price');
    await seen('long-gone', 90_000, 'ready');

    const { currentRevision, items } = await plane.ok(
      'admin',
      endpoints.listGateways,
      {},
    );
    expect(currentRevision).toBe(await plane.revision());
    expect(
      items.map(({ hostname, state, configurationError }) => [
        hostname,
        state,
        configurationError,
      ]),
    ).toEqual([
      ['well', 'ready', 'Model x has no price'],
      ['leaving', 'draining', null],
      ['silent', 'gone', null],
    ]);
    expect(items[0].appliedRevision).toBe(1);
  });
});
