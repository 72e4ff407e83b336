import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { eventually } from './__testUtils__/eventually';
import {
  makeSpoolDirectory,
  startTestGateway,
} from './__testUtils__/startTestGateway';
import { TestControlPlane } from './__testUtils__/TestControlPlane';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** A little more than a gateway wants to be free. */
const DISK = '72m';

/** Only root may mount a disk of its own. */
function tryTo(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Writes until there is no room for another byte. */
async function fill(path: string): Promise<void> {
  const zeros = Buffer.alloc(64 * 1024);
  function* pieces() {
    for (;;) yield zeros;
  }
  await pipeline(Readable.from(pieces()), createWriteStream(path)).catch(
    error => {
      if (error.code !== 'ENOSPC') throw error;
    },
  );
}

describe('a disk that is full', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let disk: string;
  let mounted = false;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    await plane.addModel('steady', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'sim-instant',
    });
    disk = join(await makeSpoolDirectory(), 'disk');
    await mkdir(disk);
    mounted = tryTo(
      'mount',
      '-t',
      'tmpfs',
      '-o',
      `size=${DISK}`,
      'tmpfs',
      disk,
    );
  });
  afterAll(async () => {
    await simulator?.close();
    if (mounted) tryTo('umount', disk);
  });

  it('is said, costs nobody anything, and is over without a restart when there is room again', async () => {
    if (!mounted) {
      process.stderr.write('Skipped: only root can mount a disk to fill\n');
      return;
    }
    const { apiKey } = await plane.addKey();
    const gateway = await startTestGateway({
      knex: plane.knex,
      spoolDirectory: join(disk, 'spool'),
    });
    const ask = async (requestId: string) => {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'x-request-id': requestId,
        },
        body: JSON.stringify({
          model: 'steady',
          messages: [{ role: 'user', content: 'Hi' }],
        }),
      });
      return { status: response.status, text: await response.text() };
    };
    const ready = async () => {
      const response = await fetch(`${gateway.url}/readyz`);
      return { status: response.status, text: await response.text() };
    };
    try {
      expect((await ask('before')).status).toBe(200);
      const hog = join(disk, 'hog');
      await fill(hog);

      // The first that comes upon it is either held until there is room again, or refused already.
      const held = ask('held');
      await eventually(async () => (await ready()).status === 503);
      expect((await ready()).text).toContain('Usage cannot be recorded');
      const asked = simulator.stats().requests;
      const refused = await ask('refused');
      expect(refused.status).toBe(503);
      expect(refused.text).toContain('metering_unavailable');
      expect(simulator.stats().requests).toBe(asked);

      await rm(hog);
      await eventually(async () => (await ready()).status === 200);
      const { status } = await held;
      expect([200, 503]).toContain(status);
      expect((await ask('after')).status).toBe(200);
      await eventually(async () => {
        const ids = (await plane.events()).map(row => row.request_id);
        const expected =
          status === 200 ? ['before', 'held', 'after'] : ['before', 'after'];
        return ids.join() === expected.join();
      });
    } finally {
      await gateway.close();
    }
  });
});
