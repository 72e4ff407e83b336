/**
 * What the upstream's side of a request costs, beside an undici that does nothing else: short requests, and streams.
 *
 * ```
 * node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256 \
 *   -r @backstage/cli/config/nodeTransform.cjs src/upstream/bench.ts
 * ```
 *
 * Takes some twenty seconds. The upstream and the clients are processes of their own, so that what is measured is this one alone.
 */
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { AddressPolicy } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  createServer,
  IncomingMessage,
  ServerResponse,
  type RequestListener,
  type Server,
} from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Pool } from 'undici';
import type { ClientRequest } from '../endpoints';
import { chatCompletions } from '../endpoints/chatCompletions';
import { beginStream } from '../http/beginStream';
import { ChunkedResponse } from '../http/ChunkedResponse';
import { pump } from '../pipeline/pump';
import { Watch } from '../pipeline/Watch';
import { openai } from '../providers/openai';
import type { UpstreamCall } from '../providers/spec';
import { EventStream } from './EventStream';
import { UpstreamPools } from './UpstreamPools';

const PORT = 4611;
const TOKENS = 50;
const EVERY_MS = 100;
const STREAMS = Number(process.env.STREAMS ?? 1000);
const WARM_UP = 5_000;
const REQUESTS = 20_000;
/** So few that nothing of it is collected meanwhile. */
const COUNTED = 3_000;
const AT_ONCE = 64;
const MESSAGES = [
  { role: 'system', content: 'You answer in one sentence.' },
  { role: 'user', content: 'Why is the sky blue?' },
];
const bodyOf = (stream: boolean) =>
  Buffer.from(JSON.stringify({ model: 'small', stream, messages: MESSAGES }));

const origin = `http://127.0.0.1:${PORT}`;
const pool = new Pool(origin, { connections: null, pipelining: 1 });
const pools = UpstreamPools.create({
  addresses: AddressPolicy.create({ allowPrivateAddresses: true }),
  settings: {
    connectTimeoutMs: 5_000,
    firstByteTimeoutMs: 60_000,
    firstTokenTimeoutMs: 60_000,
    idleTimeoutMs: 60_000,
    totalTimeoutMs: 600_000,
    maxAnswerBytes: 10_000_000,
  },
});

/** Reading it is not the upstream's side. */
const requestOf = (stream: boolean) => {
  const parsed = chatCompletions.parse(bodyOf(stream), {});
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.request;
};
const WHOLE = requestOf(false);
const STREAMED = requestOf(true);

function callOf(request: ClientRequest): UpstreamCall {
  const prepared = openai.prepare(request, {
    baseUrl: `${origin}/v1`,
    upstreamModel: 'bench-upstream',
    credential: { kind: 'key', secret: 'sk-bench' },
    settings: {},
    requestId: '0199b9c8-5d0c-7000-8000-000000000000',
    receivedAt: 0,
  });
  if (prepared.kind !== 'call') throw new Error(prepared.kind);
  return prepared.call;
}

async function shortBare(): Promise<void> {
  const { body } = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sk-bench',
    },
    body: bodyOf(false),
  });
  const sink = new Writable({ write: (_, __, done) => done() });
  body.pipe(sink);
  await once(sink, 'finish');
}

const nobody = new ServerResponse(new IncomingMessage(new Socket()));

const watchOver = (res: ServerResponse) =>
  new Watch(
    { res, onClose: null },
    { totalTimeoutMs: 600_000, drainMs: () => 0 },
  );

async function shortGateway(): Promise<void> {
  const call = callOf(WHOLE);
  const watch = watchOver(nobody);
  const answer = await pools.send(origin, call.request, watch, {
    streamed: false,
  });
  if (answer.kind !== 'whole') throw new Error(answer.kind);
  const read = call.readWhole(answer.bytes);
  if (read.kind !== 'completion') throw new Error(read.kind);
  watch.end();
}

async function streamGateway(res: ServerResponse): Promise<void> {
  const call = callOf(STREAMED);
  const watch = watchOver(res);
  const answer = await pools.send(origin, call.request, watch, {
    streamed: true,
  });
  if (answer.kind !== 'stream') throw new Error(answer.kind);
  const stream = new EventStream(
    answer.body,
    call.createStreamReader(),
    10_000_000,
  );
  await stream.peek(60_000);
  beginStream({ res, headers: [] });
  await pump(stream, {
    res,
    watch,
    settings: {
      client: { stallTimeoutMs: 60_000 },
      clientAbort: { drainBytes: 1_000 },
    },
    onFirst: () => undefined,
  });
  res.end(stream.reader.closing());
  watch.end();
}

async function streamBare(res: ServerResponse): Promise<void> {
  const { statusCode, headers, body } = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: bodyOf(true),
  });
  res.writeHead(statusCode, {
    'content-type': String(headers['content-type']),
  });
  body.pipe(res);
}

const answerBy =
  (answer: (res: ServerResponse) => Promise<void>): RequestListener =>
  (req, res) => {
    req.resume();
    req.on('end', () => {
      answer(res).catch(fail);
    });
  };
const servers = {
  bare: createServer({ noDelay: true }, answerBy(streamBare)),
  gateway: createServer(
    { noDelay: true, ServerResponse: ChunkedResponse },
    answerBy(streamGateway),
  ),
};

interface Spent {
  readonly micros: number;
  readonly bytes: number;
}

/** CPU and garbage of many runs, so many at once. */
async function measure(
  run: () => Promise<void>,
  times: number,
): Promise<Spent> {
  let left = times;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await run();
    }
  };
  globalThis.gc?.();
  const heap = heapBytes();
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return {
    micros: (user + system) / times,
    bytes: (heapBytes() - heap) / times,
  };
}

/** What is there: all that was made, as long as nothing was collected meanwhile. */
function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function measureStreams(server: Server): Promise<string> {
  const { port } = server.address() as AddressInfo;
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const before = process.memoryUsage();
  let peak = 0;
  let peakHeap = 0;
  const sampling = setInterval(() => {
    const { rss, heapUsed } = process.memoryUsage();
    peak = Math.max(peak, rss);
    peakHeap = Math.max(peakHeap, heapUsed);
  }, 200);
  const clients = child('bench/load/streams.mjs', [], {
    BENCH_TASK: JSON.stringify({
      url: `http://127.0.0.1:${port}/`,
      headers: {},
      body: '{}',
      streams: STREAMS,
      spreadMs: 1_000,
      deadlineMs: 60_000,
      events: TOKENS,
    }),
  });
  let told = '';
  clients.stdout?.on('data', chunk => (told += chunk));
  await once(clients, 'exit');
  clearInterval(sampling);
  const { user, system } = process.cpuUsage(cpu);
  const micros = Math.round((user + system) / STREAMS);
  const mb = (bytes: number) => Math.round(bytes / 1024 / 1024);
  return `${micros} µs a stream, up to ${mb(peak)} MB (heap ${mb(peakHeap)} MB, ${mb(before.rss)} MB before); ${told.trim()}`;
}

const children: ChildProcess[] = [];

function child(
  path: string,
  args: readonly string[],
  env: Record<string, string> = {},
): ChildProcess {
  const root = resolvePackagePath('@ai-gateway/gateway', '../..');
  const started = spawn(process.execPath, [join(root, path), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  children.push(started);
  return started;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const upstream = child('bench/upstream/main.mjs', [
    String(PORT),
    String(TOKENS),
    String(EVERY_MS),
  ]);
  if (!upstream.stdout) throw new Error('The upstream says nothing');
  await once(upstream.stdout, 'data');
  for (const server of Object.values(servers)) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  for (let round = 0; round < 2; round += 1) {
    for (const [name, run] of [
      ['bare undici', shortBare],
      ['gateway', shortGateway],
    ] as const) {
      await measure(run, WARM_UP);
      const { micros } = await measure(run, REQUESTS);
      const { bytes } = await measure(run, COUNTED);
      say(`short, ${name}: ${micros.toFixed(1)} µs, ${Math.round(bytes)} B`);
    }
  }
  for (const name of ['bare', 'gateway', 'bare', 'gateway'] as const) {
    say(`streams, ${name}: ${await measureStreams(servers[name])}`);
  }
}

function fail(error: Error): void {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}

main()
  .catch(fail)
  .finally(() => {
    for (const started of children) started.kill();
    process.exit();
  });
