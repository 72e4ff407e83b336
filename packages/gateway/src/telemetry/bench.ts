/**
 * What it costs a request to be told of, when it is not traced.
 *
 * ```
 * node -r @backstage/cli/config/nodeTransform.cjs src/telemetry/bench.ts
 * ```
 */
import {
  NO_TOKENS,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { Metrics } from './metrics/Metrics';
import { NO_TRACE } from './tracing/RequestTrace';

const ROUNDS = 200_000;

function measure(name: string, run: (n: number) => void): void {
  for (let n = 0; n < ROUNDS / 10; n++) run(n);
  // Time of the processor: others may be at work on the machine.
  const start = process.cpuUsage();
  for (let n = 0; n < ROUNDS; n++) run(n);
  const { user, system } = process.cpuUsage(start);
  const microseconds = (user + system) / ROUNDS;
  process.stdout.write(`${name}: ${microseconds.toFixed(2)} µs\n`);
}

const metrics = Metrics.create({ maxLabelSets: 2_000 });
const event: Omit<UsageEvent, 'modelId'> = {
  id: '',
  occurredAt: 0,
  requestId: '',
  attempt: 1,
  gatewayId: '',
  projectId: '',
  businessUnit: '',
  apiKeyId: '',
  ownerKind: 'user',
  ownerRef: null,
  deploymentId: '',
  providerId: '',
  upstreamModel: '',
  endpoint: 'chat.completions',
  streamed: true,
  outcome: 'complete',
  errorCode: null,
  upstreamStatus: 200,
  usageSource: 'reported',
  tokens: { ...NO_TOKENS, input: 10, output: 5 },
  priceId: null,
  costNanoUsd: 20_000n,
  latencyMs: 12,
  timeToFirstTokenMs: 3,
};
const models = Array.from({ length: 20 }, (_, n) => `model-${n}`);
const events = models.map(modelId => ({ ...event, modelId }));

measure('a request that is over', n =>
  metrics.requestEnded({
    endpoint: 'chat.completions',
    model: models[n % models.length],
    status: '200',
    verdict: { code: 'none', blame: 'none' },
    seconds: 1.5,
    upstreamSeconds: 1.49,
    clientSeconds: 0.001,
  }),
);
measure('an attempt that is over', n =>
  metrics.attemptEnded(events[n % events.length], 'provider'),
);
measure('seven stages that are not traced', () => {
  for (let n = 0; n < 7; n++) NO_TRACE.stage('receive', () => n);
});
process.exit(0);
