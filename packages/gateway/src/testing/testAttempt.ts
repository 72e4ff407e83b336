import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { v7 as uuidv7 } from 'uuid';
import type { KeyRecord } from '../keys/KeyRecord';
import type { Attempt, AttemptResult } from '../metering/usageEvent';
import { openai } from '../providers/openai';

const ID = uuidv7();

const deployment: Attempt['deployment'] = {
  id: ID,
  modelId: 'house-model',
  upstreamModel: 'vendor-model-2026-01-31',
  weight: 1,
  priority: 0,
  provider: {
    id: ID,
    name: 'vendor',
    kind: openai,
    settings: {},
    baseUrl: 'http://127.0.0.1/v1',
    origin: 'http://127.0.0.1',
    secretRef: null,
    onClientAbort: 'abort',
  },
  settings: {},
  prices: [
    {
      id: ID,
      effectiveFrom: 0,
      rates: {
        input: 150_000_000n,
        output: 600_000_000n,
        cachedInput: 75_000_000n,
        cacheWrite: null,
        reasoning: null,
        audio: null,
        image: null,
        perRequest: null,
      },
    },
  ],
};

/** One of the keys of a project. */
export function testKey(number: number): KeyRecord {
  return {
    id: `benchkey${String(number).padStart(4, '0')}`,
    projectId: 'bench',
    ownerKind: 'user',
    ownerRef: 'user:default/bench',
    modelScope: null,
    expiresAt: null,
    revoked: false,
  };
}

/** An attempt by a key. */
export function testAttempt(key: KeyRecord): Attempt {
  return {
    id: uuidv7(),
    occurredAt: Date.now(),
    requestId: uuidv7(),
    number: 1,
    gatewayId: ID,
    key,
    businessUnit: 'bench',
    deployment,
    endpoint: 'chat.completions',
    free: false,
    streamed: false,
    estimatedInputTokens: 900,
  };
}

/** How it went. */
export const TEST_RESULT: AttemptResult = {
  outcome: 'complete',
  errorCode: null,
  upstreamStatus: 200,
  usage: {
    kind: 'reported',
    tokens: { ...NO_TOKENS, input: 812, cachedInput: 64, output: 127 },
  },
  taken: true,
  generatedBytes: 0,
  latencyMs: 412,
  timeToFirstTokenMs: 97,
};
