import {
  costOf,
  NO_TOKENS,
  priceInForce,
  type EffectivePrice,
  type TokenUsage,
  type UsageEvent,
  type UsageOutcome,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { KeyRecord } from '../keys/KeyRecord';
import type { ReportedUsage } from '../providers/spec';
import type { Deployment } from '../snapshot/Snapshot';
import { estimateTokens } from './estimate';

/** What is known of an attempt before it is made; fixed from then on. */
export interface Attempt {
  /** UUIDv7; the ledger's proof against booking twice. */
  readonly id: string;
  /** Milliseconds since the epoch: when the request came. */
  readonly occurredAt: number;
  readonly requestId: string;
  /** From 1 on. */
  readonly number: number;
  readonly gatewayId: string;
  readonly key: KeyRecord;
  readonly businessUnit: string;
  readonly deployment: Deployment;
  readonly endpoint: string;
  /** Whether nothing is billed for it, however it goes. */
  readonly free: boolean;
  readonly streamed: boolean;
  readonly estimatedInputTokens: number;
}

/** How an attempt went. */
export interface AttemptResult {
  readonly outcome: UsageOutcome;
  readonly errorCode: string | null;
  readonly upstreamStatus: number | null;
  readonly usage: ReportedUsage;
  /**
   * Whether the upstream took the request on, so that it costs something even if no usage is told: not when it refused, could not be
   * reached or failed before it answered.
   */
  readonly taken: boolean;
  /** Bytes of generated text that came, for an estimate. */
  readonly generatedBytes: number;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number | null;
}

/** What is booked when nothing more is heard of an attempt, because the gateway died. */
export function intentEvent(attempt: Attempt): UsageEvent {
  return settledEvent(attempt, {
    outcome: 'truncated',
    errorCode: 'gateway_died',
    upstreamStatus: null,
    usage: { kind: 'absent' },
    taken: true,
    generatedBytes: 0,
    latencyMs: 0,
    timeToFirstTokenMs: null,
  });
}

/** The event that an attempt is booked as, at the price that was in force when its request came. */
export function settledEvent(
  attempt: Attempt,
  result: AttemptResult,
): UsageEvent {
  const { key, deployment } = attempt;
  const measured = measure(attempt, result);
  const billed = measured.source !== 'none';
  const price = billed
    ? priceInForce(deployment.prices, attempt.occurredAt)
    : undefined;
  return {
    id: attempt.id,
    occurredAt: attempt.occurredAt,
    requestId: attempt.requestId,
    attempt: attempt.number,
    gatewayId: attempt.gatewayId,
    projectId: key.projectId,
    businessUnit: attempt.businessUnit,
    apiKeyId: key.id,
    ownerKind: key.ownerKind,
    ownerRef: key.ownerRef,
    modelId: deployment.modelId,
    deploymentId: deployment.id,
    providerId: deployment.provider.id,
    upstreamModel: deployment.upstreamModel,
    endpoint: attempt.endpoint,
    streamed: attempt.streamed,
    outcome: result.outcome,
    errorCode: result.errorCode,
    upstreamStatus: result.upstreamStatus,
    usageSource: measured.source,
    tokens: measured.tokens,
    priceId: price?.id ?? null,
    costNanoUsd: cost(measured.tokens, price),
    latencyMs: result.latencyMs,
    timeToFirstTokenMs: result.timeToFirstTokenMs,
  };
}

function measure(
  attempt: Attempt,
  { usage, taken, generatedBytes }: AttemptResult,
): { source: UsageEvent['usageSource']; tokens: TokenUsage } {
  if (attempt.free) return { source: 'none', tokens: NO_TOKENS };
  if (usage.kind === 'reported') {
    return { source: 'reported', tokens: usage.tokens };
  }
  if (!taken) return { source: 'none', tokens: NO_TOKENS };
  if (usage.kind === 'partial') {
    const { tokens } = usage;
    const generated = estimateTokens(generatedBytes) - tokens.reasoning;
    return {
      source: 'estimated',
      tokens: { ...tokens, output: Math.max(tokens.output, generated) },
    };
  }
  return {
    source: 'estimated',
    tokens: {
      ...NO_TOKENS,
      input: attempt.estimatedInputTokens,
      output: estimateTokens(generatedBytes),
    },
  };
}

function cost(tokens: TokenUsage, price: EffectivePrice | undefined): bigint {
  return price ? costOf(tokens, price.rates) : 0n;
}
