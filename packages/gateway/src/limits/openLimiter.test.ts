import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../__testUtils__/eventually';
import { startTestRedis } from '../__testUtils__/startTestRedis';
import { createLog } from '../telemetry/log';
import type { Hold } from './Limiter';
import { openLimiter } from './openLimiter';
import { connectRedis } from './redis/connectRedis';
import { describeWithRedis } from './testing/describeWithRedis';
import type { RedisServer } from './testing/RedisServer';

const log = createLog('silent');

describeWithRedis('openLimiter', () => {
  let folder: string;
  let server: RedisServer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limits-open-'));
    server = await startTestRedis([
      ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
      ...['--dir', folder],
    ]);
    const connection = connectRedis(server.url, () => {});
    await new Promise(resolve => connection.once('ready', resolve));
    await connection.cluster('ADDSLOTSRANGE', 0, 16383);
    while (!(await connection.cluster('INFO')).includes('cluster_state:ok')) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    connection.disconnect();
  });

  afterEach(async () => {
    await server.kill();
    await rm(folder, { recursive: true });
  });

  it('counts in a cluster, of which it knows one node, and finds it again', async () => {
    const open = await openLimiter({
      redis: { url: server.url, cluster: true },
      replicas: () => 1,
      log,
    });
    let held = 0;
    const storeOf = async (): Promise<Hold['store'] | string> => {
      held += 1;
      const result = await open.limiter.reserve({
        holdId: `h${held}`,
        ttlMs: 60_000,
        entries: [
          {
            counter: {
              subject: { kind: 'key', id: 'k' },
              measure: 'requests',
              window: 'minute',
            },
            limit: 1_000,
            amount: 1,
          },
        ],
      });
      return result.outcome === 'admitted' ? result.hold.store : result.outcome;
    };
    try {
      expect(await storeOf()).toBe('shared');
      expect(open.mode()).toBe('shared');
      await server.kill();
      for (let i = 0; i < 3; i++) expect(await storeOf()).toBe('local');
      expect(open.mode()).toBe('degraded');
      await server.start();
      await eventually(async () => (await storeOf()) === 'shared', {
        withinMs: 20_000,
      });
    } finally {
      open.close();
    }
  }, 30_000);
});
