/**
 * What a request costs before it is sent on, and after its answer: whose key it is, what is asked for, whether it may be, which deployment
 * is tried, and how that is settled. With nine counters a request; the limiter answers at once, and what it costs is told by itself.
 *
 * ```
 * yarn workspace @ai-gateway/gateway bench:admission
 * ```
 *
 * Takes some fifteen seconds.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { chatCompletions } from '../endpoints/chatCompletions';
import { messages as messagesEndpoint } from '../endpoints/messages';
import type { ReserveEntry } from '../limits/Limiter';
import { apiKeyOf } from '../pipeline/apiKeyOf';
import { mayCall } from '../pipeline/route';
import { findModel } from '../snapshot/Snapshot';
import {
  benchGateway,
  type Asked,
  type BenchGateway,
} from '../testing/benchGateway';
import { costOf } from '../testing/cost';

const ONLY = process.env.ONLY ?? '';

const MESSAGES = [
  {
    role: 'system',
    content: 'You answer in one sentence and say nothing else.',
  },
  { role: 'user', content: 'Why is the sky blue?' },
];
const CHAT = Buffer.from(
  JSON.stringify({ model: 'bench', messages: MESSAGES }),
);
const TOOLS = Buffer.from(
  JSON.stringify({
    model: 'bench',
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 500,
    temperature: 0.2,
    messages: Array.from({ length: 20 }, (_, n) => ({
      role: n % 2 ? 'assistant' : 'user',
      content: [{ type: 'text', text: `${n} ${'a word or two '.repeat(20)}` }],
    })),
    tools: Array.from({ length: 5 }, (_, n) => ({
      type: 'function',
      function: {
        name: `tool_${n}`,
        description: 'Looks something up and tells what was found.',
        parameters: {
          type: 'object',
          properties: { query: { type: 'string' }, most: { type: 'number' } },
          required: ['query'],
        },
      },
    })),
  }),
);
const MESSAGE = Buffer.from(
  JSON.stringify({ model: 'bench', max_tokens: 500, messages: MESSAGES }),
);

function authenticate({ ring }: BenchGateway, { headers }: Asked) {
  const apiKey = apiKeyOf(headers, 'openai');
  const verdict = ring.verify(apiKey ?? '', {});
  if (verdict instanceof Promise || !verdict.ok) throw new Error('not known');
}

const parse =
  (endpoint: typeof chatCompletions, bytes: Buffer) =>
  (_: BenchGateway, { headers }: Asked) => {
    const parsed = endpoint.parse(bytes, headers);
    if (!parsed.ok) throw new Error(parsed.refusal.message);
  };

async function admit({ admissions }: BenchGateway, { question }: Asked) {
  const verdict = await admissions.admit(question);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  verdict.admission.release();
}

const nobody = new ServerResponse(new IncomingMessage(new Socket()));

async function admitAndSettle(
  { admissions }: BenchGateway,
  { question, events }: Asked,
) {
  const verdict = await admissions.admit(question);
  const { headers } = verdict;
  for (const name of Object.keys(headers))
    nobody.setHeader(name, headers[name]);
  if (!verdict.ok) throw new Error(verdict.refusal.message);
  await verdict.admission.settle(events);
}

const noFallbacks = () => [];

function route({ snapshot, router }: BenchGateway, { question }: Asked) {
  const model = findModel(snapshot, question.model.id);
  if (!model || !mayCall(question.key, model)) throw new Error('no model');
  const plan = router.plan(model, noFallbacks, {
    startedAt: 0,
    streamed: false,
  });
  const next = plan.next(null);
  if (next.kind !== 'try') throw new Error(next.kind);
  const use = router.begin(next, { number: 1, streamed: false });
  use.answered();
  use.succeeded();
}

const ENTRIES: ReserveEntry[] = Array.from({ length: 9 }, (_, n) => ({
  counter: {
    subject: { kind: 'key', id: `${n}` },
    measure: 'requests',
    window: 'minute',
  },
  limit: 1_000,
  amount: 1,
}));

/** What is not admission's, but of its measurements. */
async function limiterAlone({ limiter }: BenchGateway) {
  const result = await limiter.reserve({
    holdId: 'h',
    ttlMs: 60_000,
    entries: ENTRIES,
  });
  if (result.outcome !== 'admitted') throw new Error(result.outcome);
  await limiter.settle();
}

type Run = (gateway: BenchGateway, asked: Asked) => Promise<void> | void;

const RUNS: Readonly<Record<string, Run>> = {
  authenticate,
  'parse, short chat': parse(chatCompletions, CHAT),
  'parse, 9 KB with tools': parse(chatCompletions, TOOLS),
  'parse, short message': parse(messagesEndpoint, MESSAGE),
  'limiter alone': limiterAlone,
  'admit, release': admit,
  'admit, headers, settle': admitAndSettle,
  'route, begin, succeed': route,
};

async function main(): Promise<void> {
  for (const size of [
    { keys: 10, models: 1 },
    { keys: 100_000, models: 1_000 },
  ]) {
    process.stdout.write(`${size.keys} keys, ${size.models} models\n`);
    const gateway = benchGateway(size);
    const { asked } = gateway;
    for (const [name, run] of Object.entries(RUNS)) {
      if (!name.startsWith(ONLY)) continue;
      const { microseconds, bytes } = await costOf(n =>
        run(gateway, asked[n % asked.length]),
      );
      process.stdout.write(
        `${name.padEnd(24)} ${microseconds.toFixed(2)} µs, ${bytes.toFixed(0)} B\n`,
      );
    }
    await gateway.admissions.close();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
