import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { TestDatabases } from '@backstage/backend-test-utils';
import { eventually } from './__testUtils__/eventually';
import { startTestGateway } from './__testUtils__/startTestGateway';
import { TestControlPlane } from './__testUtils__/TestControlPlane';
import { SegmentFile } from './metering/spool/SegmentFile';

jest.setTimeout(60_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('a gateway that syncs its spool at intervals', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let apiKey: string;

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    simulator = await startProviderSimulator({
      firstTokenMs: 5,
      tokensPerSecond: 20,
    });
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('paced', { providerId, upstreamModel: 'paced' });
    ({ apiKey } = await plane.addKey());
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => simulator.close());

  const start = () =>
    startTestGateway({
      knex: plane.knex,
      data: {
        aiGateway: {
          gateway: { spool: { sync: 'interval' }, drain: { timeoutMs: 400 } },
        },
      },
    });

  const ask = (url: string, maxTokens: number) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        model: 'paced',
        stream: true,
        max_tokens: maxTokens,
        messages: [{ role: 'user', content: 'Hi' }],
      }),
    });

  it('ends an answer while the disk has not taken its usage yet', async () => {
    const { writeThrough } = SegmentFile.prototype;
    let goOn: () => void = () => undefined;
    jest
      .spyOn(SegmentFile.prototype, 'writeThrough')
      .mockImplementationOnce(function held(this: SegmentFile, ...args) {
        goOn = () => {
          goOn = () => undefined;
          writeThrough.apply(this, args);
        };
      });
    const gateway = await start();
    try {
      expect(await (await ask(gateway.url, 1)).text()).toContain('[DONE]');
      expect(await plane.events()).toEqual([]);
      goOn();
      await eventually(async () => (await plane.events()).length === 1);
    } finally {
      goOn();
      await gateway.close();
    }
  });

  it('has all of it in the ledger when it is ended, what was broken off included', async () => {
    const gateway = await start();
    const before = (await plane.events()).length;
    const streams = Array.from({ length: 12 }, async () => {
      const response = await ask(gateway.url, 1_000);
      return response.text().catch(() => 'broken off');
    });
    await eventually(() => simulator.stats().inFlight === 12);
    await gateway.close();
    expect((await plane.events()).length - before).toBe(12);
    await Promise.all(streams);
  });
});
