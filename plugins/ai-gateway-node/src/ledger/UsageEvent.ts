import type { NanoUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { TokenUsage } from '../pricing';

/** How an attempt ended. @public */
export type UsageOutcome =
  'complete' | 'truncated' | 'client_abort' | 'upstream_error' | 'refused';

/** Where the counts of tokens come from: the provider, our estimate, or there were none to count. @public */
export type UsageSource = 'reported' | 'estimated' | 'none';

/**
 * One attempt at an upstream, as it is billed. Made once, in the gateway, and never changed: its `id` and `occurredAt` make booking it a
 * second time a no-op.
 *
 * @public
 */
export interface UsageEvent {
  /** UUIDv7. */
  readonly id: string;
  /** Milliseconds since the epoch: when the request came. The price in force then is the one that counts. */
  readonly occurredAt: number;
  readonly requestId: string;
  /** From 1 on. */
  readonly attempt: number;
  readonly gatewayId: string;
  readonly projectId: string;
  readonly businessUnit: string;
  readonly apiKeyId: string;
  readonly ownerKind: 'user' | 'app' | 'project';
  readonly ownerRef: string | null;
  readonly modelId: string;
  readonly deploymentId: string;
  readonly providerId: string;
  readonly upstreamModel: string;
  /** Such as `chat.completions`. */
  readonly endpoint: string;
  readonly streamed: boolean;
  readonly outcome: UsageOutcome;
  readonly errorCode: string | null;
  readonly upstreamStatus: number | null;
  readonly usageSource: UsageSource;
  readonly tokens: TokenUsage;
  readonly priceId: string | null;
  readonly costNanoUsd: NanoUsd;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number | null;
}
