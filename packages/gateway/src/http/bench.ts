/**
 * What the HTTP edge of a request costs, beside a bare `node:http` that answers the same: processor time and memory. The pipeline behind
 * the edge reads the body and answers; figures and a line for the log are made, and the line goes nowhere.
 *
 * ```
 * yarn workspace @ai-gateway/gateway bench:http
 * ```
 *
 * Takes some fifteen seconds. Who asks is a process of its own, so that what is measured is this one alone.
 */
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createBareServer, type Server } from 'node:http';
import { createUuidV7 } from '../ids/createUuidV7';
import { Overload } from '../overload/Overload';
import { createLog } from '../telemetry/log';
import { createHandler } from './createHandler';
import { createServer } from './createServer';
import type { ExchangeParts } from './Exchanges';
import { listen } from './listen';
import { readBody } from './readBody';
import { RequestsUnderWay } from './RequestsUnderWay';
import { sendAnswer } from './sendAnswer';
import { serveModelBy } from './serveModel';
import { testTelemetry } from '../testing/testTelemetry';

const ROUNDS = 3;
const WARM_UP = 20_000;
const REQUESTS = 60_000;
/** So few that nothing of it is collected meanwhile. */
const COUNTED = 4_000;
const AT_ONCE = 64;
const PATH = '/v1/chat/completions';
const BODY = JSON.stringify({
  model: 'small',
  messages: [
    { role: 'system', content: 'You answer in one sentence.' },
    { role: 'user', content: 'Why is the sky blue?' },
  ],
});
const REQUEST = [
  `POST ${PATH} HTTP/1.1`,
  'host: gateway.internal',
  'user-agent: OpenAI/JS 7.55.0',
  'accept: application/json',
  'authorization: Bearer aigw_abcdefghijkl_0123456789012345678901234567890123456789012_abcdef',
  'content-type: application/json',
  `content-length: ${BODY.length}`,
  '',
  BODY,
].join('\r\n');
const ANSWER = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Light scatters. '.repeat(20) },
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 60, total_tokens: 80 },
  }),
);

const bareServer = () =>
  createBareServer({ noDelay: true, keepAliveTimeout: 75_000 }, (req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', chunk => chunks.push(chunk));
    req.on('end', () => {
      res.writeHead(200, {
        'content-type': 'application/json',
        'content-length': ANSWER.length,
      });
      res.end(ANSWER);
    });
  });

function edgeServer(): Server {
  const log = createLog('silent');
  const now = () => Date.now();
  const monotonic = () => performance.now();
  const newId = createUuidV7(now, randomFillSync);
  const telemetry = testTelemetry();
  const overload = Overload.start({
    settings: {
      maxRequests: 10_000,
      maxBufferedBytes: 1e9,
      maxMemoryBytes: 1e12,
      maxEventLoopLagMs: 60_000,
    },
    measure: () => ({ lagMs: 0, memoryBytes: 0, heapPart: 0 }),
    activeRequests: () => telemetry.activeRequests,
    onShed: () => undefined,
    log,
    now,
  });
  const parts: ExchangeParts = {
    leaving: () => false,
    log,
    monotonic,
    newId,
    now,
    overload,
    telemetry,
  };
  const limits = {
    maxBytes: 20_000_000,
    idleTimeoutMs: 30_000,
    room: overload.bodies,
  };
  const model = serveModelBy({
    handle: async exchange => {
      const body = await readBody(exchange, limits);
      if (body.kind !== 'body') throw new Error(body.kind);
      sendAnswer(exchange, ANSWER);
      return null;
    },
    underWay: new RequestsUnderWay(),
    stallTimeoutMs: 60_000,
    log,
  });
  return createServer(
    createHandler(parts, {
      model,
      others: (_req, res) => {
        res.writeHead(404).end();
      },
    }),
    {
      headersTimeoutMs: 15_000,
      requestTimeoutMs: 120_000,
      bodyIdleTimeoutMs: 30_000,
      stallTimeoutMs: 60_000,
      keepAliveMs: 15_000,
    },
    newId,
  );
}

interface Spent {
  readonly user: number;
  readonly system: number;
  readonly bytes: number;
}

async function measure(port: number, times: number): Promise<Spent> {
  const load = resolvePackagePath(
    '@ai-gateway/gateway',
    '../../bench/load/closedLoop.mjs',
  );
  const task = { port, request: REQUEST, connections: AT_ONCE, times };
  const asking = spawn(process.execPath, [load], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { NODE_OPTIONS: '', BENCH_TASK: JSON.stringify(task) },
  });
  await once(asking.stdout, 'data');
  globalThis.gc?.();
  const heap = heapBytes();
  const cpu = process.cpuUsage();
  asking.stdin.write('go\n');
  const [code] = await once(asking, 'exit');
  if (code !== 0) throw new Error('The load failed');
  const { user, system } = process.cpuUsage(cpu);
  const bytes = heapBytes() - heap;
  return { user: user / times, system: system / times, bytes: bytes / times };
}

/** What is there: all that was made, as long as nothing was collected meanwhile. */
function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function compare(): Promise<void> {
  const servers = [
    ['bare node:http', bareServer()],
    ['edge', edgeServer()],
  ] as const;
  const ports = new Map<string, number>();
  for (const [name, server] of servers) {
    const url = await listen(server, { host: '127.0.0.1', port: 0 });
    ports.set(name, Number(new URL(url).port));
  }
  for (const port of ports.values()) await measure(port, WARM_UP);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, port] of ports) {
      const { user, system } = await measure(port, REQUESTS);
      const { bytes } = await measure(port, COUNTED);
      process.stdout.write(
        `${name}: ${user.toFixed(1)} µs user, ${system.toFixed(1)} µs system, ${Math.round(bytes)} B\n`,
      );
    }
  }
}

compare()
  .catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  })
  .finally(() => process.exit());
