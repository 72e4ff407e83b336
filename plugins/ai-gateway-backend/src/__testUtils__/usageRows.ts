import { randomUUID } from 'node:crypto';
import type { TestControlPlane } from './TestControlPlane';

/** An hour of usage; what is left out is zero or one of its kind. */
export interface UsageHour {
  readonly hour: string;
  readonly projectId?: string;
  readonly apiKeyId?: string;
  readonly modelId?: string;
  readonly requests?: number;
  readonly errors?: number;
  readonly input?: number;
  readonly output?: number;
  /** Nano-dollars. */
  readonly cost?: string;
  readonly latencyMsSum?: number;
  readonly firstTokenMsSum?: number;
  readonly firstTokenCount?: number;
}

/** Writes hourly sums, and all that are made of them. */
export async function insertUsage(
  plane: TestControlPlane,
  hours: readonly UsageHour[],
): Promise<void> {
  await plane.db('usage_hourly').insert(
    hours.map(hour => ({
      hour: hour.hour,
      project_id: hour.projectId ?? 'checkout',
      api_key_id: hour.apiKeyId ?? 'aaaaaaaaaaaa',
      model_id: hour.modelId ?? 'gpt-4o',
      deployment_id: randomUUID(),
      business_unit: 'Payments',
      owner_kind: 'project',
      requests: hour.requests ?? 1,
      errors: hour.errors ?? 0,
      input_tokens: hour.input ?? 0,
      cached_input_tokens: 0,
      cache_write_tokens: 0,
      output_tokens: hour.output ?? 0,
      reasoning_tokens: 0,
      audio_tokens: 0,
      image_tokens: 0,
      cost_nano_usd: hour.cost ?? '0',
      latency_ms_sum: hour.latencyMsSum ?? 0,
      time_to_first_token_ms_sum: hour.firstTokenMsSum ?? 0,
      time_to_first_token_count: hour.firstTokenCount ?? 0,
    })),
  );
  await plane.db.raw('SELECT rebuild_usage_rollups()');
}
