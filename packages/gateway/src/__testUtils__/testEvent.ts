import {
  NO_TOKENS,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { v7 as uuidv7 } from 'uuid';

const SOME_ID = '01890000-0000-7000-8000-000000000000';

/** A usage event, with what a test cares about in it. */
export function testEvent(more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: uuidv7(),
    occurredAt: Date.parse('2026-03-01T12:00:00Z'),
    requestId: 'request-1',
    attempt: 1,
    gatewayId: SOME_ID,
    projectId: 'search',
    businessUnit: 'retail',
    apiKeyId: 'abcdefghijkl',
    ownerKind: 'user',
    ownerRef: 'user:default/ada',
    modelId: 'house-model',
    deploymentId: SOME_ID,
    providerId: SOME_ID,
    upstreamModel: 'sim-instant',
    endpoint: 'chat.completions',
    streamed: false,
    outcome: 'complete',
    errorCode: null,
    upstreamStatus: 200,
    usageSource: 'reported',
    tokens: { ...NO_TOKENS, input: 10, output: 5 },
    priceId: null,
    costNanoUsd: 20_000n,
    latencyMs: 12,
    timeToFirstTokenMs: 3,
    ...more,
  };
}
