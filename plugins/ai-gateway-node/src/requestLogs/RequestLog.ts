import type { NanoUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { UsageOutcome } from '../ledger';
import type { CapturedBody } from './capture';

/**
 * One request as lists show it: everything but the bodies.
 *
 * @public
 */
export interface RequestLogSummary {
  readonly requestId: string;
  /** Milliseconds since the epoch: when the request came. Set once, in the gateway; part of what makes a record the same record. */
  readonly occurredAt: number;
  readonly projectId: string;
  readonly apiKeyId: string;
  readonly ownerRef: string | null;
  readonly modelId: string;
  /** The deployment that answered, or the last one tried; `null` when none was. */
  readonly deploymentId: string | null;
  /** Such as `chat.completions`. */
  readonly endpoint: string;
  readonly streamed: boolean;
  /** HTTP status that the client was given. */
  readonly status: number;
  readonly outcome: UsageOutcome;
  readonly errorCode: string | null;
  /** Attempts at upstreams; 0 when the request was refused before any. */
  readonly attempts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** For people to see. The ledger is what bills are made from. */
  readonly costNanoUsd: NanoUsd;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number | null;
  /** What the client calls itself (`User-Agent`). */
  readonly clientAgent: string | null;
}

/**
 * One request: what was asked and answered, as far as the capture policy lets it be kept. Never the basis of a bill.
 *
 * @public
 */
export interface RequestLog extends RequestLogSummary {
  readonly requestBody: CapturedBody | null;
  readonly responseBody: CapturedBody | null;
}
