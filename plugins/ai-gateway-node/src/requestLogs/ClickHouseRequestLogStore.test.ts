import { createClient } from '@clickhouse/client';
import { ClickHouseRequestLogStore } from './ClickHouseRequestLogStore';
import { requestLog } from './testing/requestLogFixture';
import { describeRequestLogStore } from './testing/requestLogStoreContract';
import { startChdbServer, type ChdbServer } from './testing/startChdbServer';

jest.setTimeout(60_000);

const PASSWORD = 'correct horse battery staple';

describe('ClickHouseRequestLogStore', () => {
  let server: ChdbServer;
  let store: ClickHouseRequestLogStore;
  const open = (given: { password?: string; timeoutMs?: number } = {}) =>
    ClickHouseRequestLogStore.create({
      url: server.url,
      database: 'ai_gateway',
      password: PASSWORD,
      ...given,
    });
  beforeAll(async () => {
    server = await startChdbServer({ password: PASSWORD });
    store = open();
    await store.ensureSchema();
  });
  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  const idsOf = async (projectId: string) => {
    const page = await store.search({
      projectIds: [projectId],
      from: 0,
      to: Date.UTC(2040, 0),
      limit: 100,
    });
    return page.items.map(item => item.requestId);
  };

  describeRequestLogStore(async () => store);

  it('shows a record once that the engine holds twice', async () => {
    const client = createClient({
      url: server.url,
      database: 'ai_gateway',
      password: PASSWORD,
    });
    try {
      await client.command({ query: 'SYSTEM STOP MERGES request_logs' });
      const log = requestLog({ requestId: 'twice', projectId: 'twice' });
      await store.append([log]);
      await store.append([log]);

      const raw = await client.query({
        query: `SELECT count() AS n FROM request_logs WHERE project_id = 'twice'`,
        format: 'JSONEachRow',
      });
      expect(await raw.json()).toEqual([{ n: 2 }]);
      expect(await idsOf('twice')).toEqual(['twice']);
      expect(await store.get(['twice'], 'twice')).toEqual(log);
    } finally {
      await client.command({ query: 'SYSTEM START MERGES request_logs' });
      await client.close();
    }
  });

  it('is refused with a wrong password, and does not repeat it', async () => {
    const stranger = open({ password: 'hunter2' });
    const refused = stranger.append([requestLog({ requestId: 'stranger' })]);
    await expect(refused).rejects.toMatchObject({
      type: 'AUTHENTICATION_FAILED',
    });
    await expect(refused).rejects.not.toThrow(/hunter2/);
    await stranger.close();
  });

  it('gives up on a server that is frozen, and keeps one record when it is sent again', async () => {
    const impatient = open({ timeoutMs: 200 });
    const log = requestLog({ requestId: 'frozen', projectId: 'frozen' });
    process.kill(server.pid, 'SIGSTOP');
    try {
      await expect(impatient.append([log])).rejects.toThrow(/Timeout/i);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    await store.append([log]);
    expect(await idsOf('frozen')).toEqual(['frozen']);
    await impatient.close();
  });

  it('fails when there is no server', async () => {
    const nowhere = ClickHouseRequestLogStore.create({
      url: 'http://127.0.0.1:1',
      database: 'ai_gateway',
    });
    await expect(
      nowhere.append([requestLog({ requestId: 'nowhere' })]),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await nowhere.close();
  });
});
