import type { Knex } from 'knex';
import { NewRows } from '../database/NewRows';
import type { LedgerStore } from './LedgerStore';
import type { UsageEvent } from './UsageEvent';
import { encodeUsageRow } from './usageRow';

/** A server that hangs is as one that is away. */
const TIMEOUT_MS = 15_000;

/**
 * Books events, adds them to their hours, and notes when their keys were last used.
 *
 * One statement, so that an hour can never differ from its events. Rows are taken in the order of their keys, and keys are locked in the
 * order of their ids before any is changed: two gateways that book at the same time wait for one another and never for each other.
 */
const book = ({ events, order, conflict }: Form) => `
  WITH incoming AS (
    SELECT *, timestamptz 'epoch' + occurred_at_ms * interval '1 millisecond' AS occurred_at
    FROM ${events}
  ), booked AS (
    INSERT INTO usage_events (
      id, occurred_at, request_id, attempt, gateway_id,
      project_id, business_unit, api_key_id, owner_kind, owner_ref,
      model_id, deployment_id, provider_id, upstream_model, endpoint,
      streamed, outcome, error_code, upstream_status, usage_source,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, audio_tokens, image_tokens,
      price_id, cost_nano_usd, latency_ms, time_to_first_token_ms
    )
    SELECT
      id, occurred_at, request_id, attempt, gateway_id,
      project_id, business_unit, api_key_id, owner_kind, owner_ref,
      model_id, deployment_id, provider_id, upstream_model, endpoint,
      streamed, outcome, error_code, upstream_status, usage_source,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, audio_tokens, image_tokens,
      price_id, cost_nano_usd, latency_ms, time_to_first_token_ms
    FROM incoming
    ORDER BY ${order}
    ${conflict}
    RETURNING
      occurred_at, project_id, api_key_id, model_id, deployment_id, business_unit, owner_kind, owner_ref, outcome,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, audio_tokens, image_tokens,
      cost_nano_usd, latency_ms, time_to_first_token_ms
  ), rolled_up AS (
    INSERT INTO usage_hourly (
      hour, project_id, api_key_id, model_id, deployment_id, business_unit, owner_kind, owner_ref,
      requests, errors,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
      reasoning_tokens, audio_tokens, image_tokens,
      cost_nano_usd, latency_ms_sum, time_to_first_token_ms_sum, time_to_first_token_count
    )
    SELECT
      date_trunc('hour', occurred_at, 'UTC') AS hour,
      project_id, api_key_id, model_id, deployment_id, business_unit, min(owner_kind), min(owner_ref),
      count(*), count(*) FILTER (WHERE outcome <> 'complete'),
      sum(input_tokens), sum(cached_input_tokens), sum(cache_write_tokens), sum(output_tokens),
      sum(reasoning_tokens), sum(audio_tokens), sum(image_tokens),
      sum(cost_nano_usd), sum(latency_ms),
      coalesce(sum(time_to_first_token_ms), 0), count(time_to_first_token_ms)
    FROM booked
    GROUP BY hour, project_id, api_key_id, model_id, deployment_id, business_unit
    ORDER BY project_id, hour, api_key_id, model_id, deployment_id, business_unit
    ON CONFLICT (project_id, hour, api_key_id, model_id, deployment_id, business_unit) DO UPDATE SET
      requests = usage_hourly.requests + excluded.requests,
      errors = usage_hourly.errors + excluded.errors,
      input_tokens = usage_hourly.input_tokens + excluded.input_tokens,
      cached_input_tokens = usage_hourly.cached_input_tokens + excluded.cached_input_tokens,
      cache_write_tokens = usage_hourly.cache_write_tokens + excluded.cache_write_tokens,
      output_tokens = usage_hourly.output_tokens + excluded.output_tokens,
      reasoning_tokens = usage_hourly.reasoning_tokens + excluded.reasoning_tokens,
      audio_tokens = usage_hourly.audio_tokens + excluded.audio_tokens,
      image_tokens = usage_hourly.image_tokens + excluded.image_tokens,
      cost_nano_usd = usage_hourly.cost_nano_usd + excluded.cost_nano_usd,
      latency_ms_sum = usage_hourly.latency_ms_sum + excluded.latency_ms_sum,
      time_to_first_token_ms_sum =
        usage_hourly.time_to_first_token_ms_sum + excluded.time_to_first_token_ms_sum,
      time_to_first_token_count =
        usage_hourly.time_to_first_token_count + excluded.time_to_first_token_count
  ), used AS (
    SELECT api_key_id, max(occurred_at) AS used_at, count(*) AS events FROM booked GROUP BY api_key_id
  ), locked AS (
    SELECT api_keys.id, used.used_at FROM api_keys JOIN used ON used.api_key_id = api_keys.id
    ORDER BY api_keys.id FOR UPDATE OF api_keys
  ), touched AS (
    UPDATE api_keys SET last_used_at = GREATEST(api_keys.last_used_at, locked.used_at)
    FROM locked
    WHERE api_keys.id = locked.id
  )
  SELECT coalesce(sum(events), 0)::integer AS booked FROM used
`;

interface Form {
  readonly events: string;
  readonly order: string;
  readonly conflict: string;
}

const EVENTS = 'unnest((SELECT ?::text::usage_row[]))';

/** Fails when one of the events is there already, or comes twice. */
const BOOK_IF_NEW = book({
  events: EVENTS,
  order: 'occurred_at, id',
  conflict: '',
});

/**
 * Books those that are new. Of two events of one id the first counts, in one batch as in two: what recovery makes of an intent comes behind
 * what came of it.
 */
const BOOK_IF_ANY = book({
  events: `${EVENTS} WITH ORDINALITY`,
  order: 'occurred_at, id, ordinality',
  conflict: 'ON CONFLICT (occurred_at, id) DO NOTHING',
});

/** The ledger in PostgreSQL. @public */
export class DatabaseLedgerStore implements LedgerStore {
  readonly #events: NewRows;

  static create(options: { knex: Knex }): DatabaseLedgerStore {
    return new DatabaseLedgerStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#events = NewRows.create({
      knex,
      ifNew: BOOK_IF_NEW,
      ifAny: BOOK_IF_ANY,
      timeoutMs: TIMEOUT_MS,
    });
  }

  /** {@inheritDoc LedgerStore.book} */
  async book(events: readonly UsageEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    return this.bookRows(Buffer.from(`{${events.map(encodeUsageRow).join()}}`));
  }

  /** {@inheritDoc LedgerStore.bookRows} */
  async bookRows(rows: Buffer): Promise<number> {
    const [{ booked }] = await this.#events.insert<{ booked: number }>([rows]);
    return booked;
  }
}
