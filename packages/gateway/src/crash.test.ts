import {
  startProviderSimulator,
  type ProviderSimulator,
} from '@ai-gateway/provider-simulator';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './__testUtils__/eventually';
import {
  makeSpoolDirectory,
  testConfig,
} from './__testUtils__/startTestGateway';
import type { SpoolSync } from './metering/spool/SpoolWriter';
import {
  TEST_PEPPER,
  TestControlPlane,
  type TestKey,
} from './__testUtils__/TestControlPlane';

jest.setTimeout(120_000);

// Out here, so that databases are taken away after what uses them.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

const STREAMS = 50;
const START = { withinMs: 30_000 };

describe('a gateway process', () => {
  let plane: TestControlPlane;
  let simulator: ProviderSimulator;
  let key: TestKey;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    plane = await TestControlPlane.create(await databases.init('POSTGRES_18'));
    // Streams of very different lengths, so that some are over when the process dies and some are not.
    simulator = await startProviderSimulator({
      firstTokenMs: 20,
      tokensPerSecond: 100,
    });
    const providerId = await plane.addProvider(`${simulator.url}/v1`);
    await plane.addModel('paced', { providerId, upstreamModel: 'paced' });
    key = await plane.addKey();
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await simulator?.close();
  });

  /** A gateway's configuration, with a spool of its own. */
  async function configure(sync: SpoolSync): Promise<string> {
    const spoolDirectory = await makeSpoolDirectory();
    const file = join(spoolDirectory, 'app-config.test.json');
    const config = testConfig(plane.knex, { spoolDirectory, sync });
    await writeFile(file, JSON.stringify(config));
    return file;
  }

  /** Starts the real process and waits until it says where it listens. */
  async function start(
    configFile: string,
  ): Promise<{ url: string; child: ChildProcess }> {
    const child = spawn(
      process.execPath,
      [
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        'src/main.ts',
        '--config',
        configFile,
      ],
      {
        cwd: resolvePackagePath('@ai-gateway/gateway'),
        env: { ...process.env, TEST_PEPPER },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    children.push(child);
    let log = '';
    child.stdout?.on('data', chunk => {
      log += chunk;
    });
    const url = await eventually(
      () => /"url":"(http[^"]+)"/.exec(log)?.[1],
      START,
    );
    await eventually(
      async () => (await fetch(`${url}/readyz`)).status === 200,
      START,
    );
    return { url, child };
  }

  /** What a client saw of a stream: the usage that came before its end, if it saw the end. */
  async function stream(
    url: string,
    name: string,
    n: number,
  ): Promise<{ requestId: string; began: boolean; output?: number }> {
    const requestId = `${name}-${n}`;
    let text = '';
    try {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key.apiKey}`,
          'content-type': 'application/json',
          'x-request-id': requestId,
        },
        body: JSON.stringify({
          model: 'paced',
          stream: true,
          stream_options: { include_usage: true },
          max_tokens: 1 + n * 4,
          messages: [{ role: 'user', content: `Story number ${n}` }],
        }),
      });
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
      }
    } catch {
      // The process was killed under it.
    }
    const output = /"completion_tokens":(\d+)/.exec(text)?.[1];
    return {
      requestId,
      began: text.length > 0,
      ...(text.includes('[DONE]') && { output: Number(output) }),
    };
  }

  /** All that was booked of requests with such a name. */
  const eventsOf = async (name: string) =>
    (await plane.events()).filter(row => row.request_id.startsWith(`${name}-`));

  it.each([
    { how: 'synced', sync: 'always' },
    { how: 'handed to the operating system', sync: 'interval' },
  ] as const)(
    'that is killed in the midst of streams loses and doubles nothing that a client saw complete, where usage is $how before the end',
    async ({ sync }) => {
      const configFile = await configure(sync);
      const { url, child } = await start(configFile);
      let completed = 0;
      const streams = Array.from({ length: STREAMS }, async (_, n) => {
        const seen = await stream(url, sync, n + 1);
        if (seen.output !== undefined) completed += 1;
        return seen;
      });
      await eventually(() => completed >= 10, START);
      child.kill('SIGKILL');
      const seen = await Promise.all(streams);
      const complete = seen.filter(s => s.output !== undefined);
      expect(complete.length).toBeGreaterThanOrEqual(10);
      expect(complete.length).toBeLessThan(STREAMS);

      // The lock of the dead is taken over, and what it left is booked.
      const second = await start(configFile);
      const began = seen.filter(s => s.began).map(s => s.requestId);
      await eventually(
        async () => {
          const ids = new Set(
            (await eventsOf(sync)).map(row => row.request_id),
          );
          return began.every(id => ids.has(id));
        },
        { withinMs: 10_000 },
      );
      const events = await eventsOf(sync);
      const byRequest = new Map(events.map(row => [row.request_id, row]));
      expect(byRequest.size).toBe(events.length);
      for (const { requestId, output } of complete) {
        expect(byRequest.get(requestId)).toMatchObject({
          outcome: 'complete',
          usage_source: 'reported',
          output_tokens: String(output),
        });
      }
      const cutOff = events.filter(row => row.error_code === 'gateway_died');
      expect(cutOff.length).toBeGreaterThan(0);
      for (const row of cutOff) {
        expect(row).toMatchObject({
          outcome: 'truncated',
          usage_source: 'estimated',
        });
        expect(Number(row.input_tokens)).toBeGreaterThan(0);
      }

      // And once more: a recovery that is done again books nothing again.
      second.child.kill('SIGKILL');
      const third = await start(configFile);
      expect((await stream(third.url, sync, 99)).began).toBe(true);
      await eventually(
        async () => (await eventsOf(sync)).length === events.length + 1,
      );
      const { rows } = await plane.knex.raw(
        'SELECT sum(requests)::int AS requests FROM usage_hourly',
      );
      expect(rows).toEqual([{ requests: (await plane.events()).length }]);
      third.child.kill('SIGKILL');
    },
  );

  it('that is told to end lets its streams finish, takes no more, and exits with everything booked', async () => {
    const { url, child } = await start(await configure('always'));
    const exited = new Promise(resolve => child.once('exit', resolve));
    const under = stream(url, 'drained', 1);
    await eventually(() => simulator.stats().inFlight === 1);
    child.kill('SIGTERM');
    await eventually(async () => {
      try {
        return (await fetch(`${url}/readyz`)).status !== 200;
      } catch {
        return true;
      }
    });
    expect((await under).output).toBeGreaterThan(0);
    expect(await exited).toBe(0);
    expect(await eventsOf('drained')).toHaveLength(1);
    const replicas = await plane.knex('gateway_replicas').select('state');
    // Those that were killed could not sign off; this one did.
    expect(replicas.every(({ state }) => state === 'ready')).toBe(true);
  });
});
