import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import { TestControlPlane } from './__testUtils__/TestControlPlane';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('while the disk refuses', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator();
    await plane.addModel('steady', {
      providerId: await plane.addProvider(`${simulator.url}/v1`),
      upstreamModel: 'sim-instant',
    });
  });
  afterAll(() => simulator.close());

  it('holds the end of what is under way, refuses what would cost money, and goes on when the disk does', async () => {
    const { apiKey } = await plane.addKey();
    // Every write wants a new segment, and there is a directory where it would be.
    const gateway = await startTestGateway({
      knex: plane.knex,
      settings: { spoolSegmentBytes: 1 },
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
          stream: true,
          messages: [{ role: 'user', content: 'Hi' }],
        }),
      });
      return { status: response.status, text: await response.text() };
    };
    const ready = async () => (await fetch(`${gateway.url}/readyz`)).status;
    try {
      expect((await ask('before')).status).toBe(200);
      const newest = (await readdir(gateway.spoolDirectory))
        .filter(name => name.endsWith('.segment'))
        .sort()
        .at(-1);
      const inTheWay = join(
        gateway.spoolDirectory,
        `${String(parseInt(String(newest), 10) + 1).padStart(12, '0')}.segment`,
      );
      await mkdir(inTheWay);
      simulator.resetStats();

      let ended = false;
      const held = ask('held').finally(() => {
        ended = true;
      });
      await eventually(async () => (await ready()) === 503);
      await eventually(() => simulator.stats().outcomes.completed === 1);
      const refused = await ask('refused');
      expect(refused.status).toBe(503);
      expect(refused.text).toContain('metering_unavailable');
      expect(simulator.stats().requests).toBe(1);
      expect(ended).toBe(false);

      await rmdir(inTheWay);
      expect((await held).text).toContain('[DONE]');
      await eventually(async () => (await ready()) === 200);
      expect((await ask('after')).status).toBe(200);
      await eventually(async () => {
        const ids = (await plane.events()).map(row => row.request_id);
        return ids.join() === 'before,held,after';
      });
    } finally {
      await gateway.close();
    }
  });
});
