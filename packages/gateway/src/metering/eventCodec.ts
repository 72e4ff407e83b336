import {
  decodeUsageRow,
  encodeUsageRow,
  type UsageEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { TOKEN_CLASSES } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { z } from 'zod';
import type { SpoolEntry } from './spool/SpoolWriter';

const tokens = z.number().int().nonnegative();

/** How a usage event stands among the dead letters: JSON, the cost as a string so that it stays exact. */
const storedEventSchema = z.object({
  id: z.uuid(),
  occurredAt: z.number().int(),
  requestId: z.string(),
  attempt: z.number().int().positive(),
  gatewayId: z.uuid(),
  projectId: z.string(),
  businessUnit: z.string(),
  apiKeyId: z.string(),
  ownerKind: z.enum(['user', 'app', 'project']),
  ownerRef: z.string().nullable(),
  modelId: z.string(),
  deploymentId: z.uuid(),
  providerId: z.uuid(),
  upstreamModel: z.string(),
  endpoint: z.string(),
  streamed: z.boolean(),
  outcome: z.enum([
    'complete',
    'truncated',
    'client_abort',
    'upstream_error',
    'refused',
  ]),
  errorCode: z.string().nullable(),
  upstreamStatus: z.number().int().nullable(),
  usageSource: z.enum(['reported', 'estimated', 'none']),
  tokens: z.object({
    input: tokens,
    cachedInput: tokens,
    cacheWrite: tokens,
    output: tokens,
    reasoning: tokens,
    audio: tokens,
    image: tokens,
  }),
  priceId: z.uuid().nullable(),
  costNanoUsd: z
    .string()
    .regex(/^\d+$/)
    .transform(text => BigInt(text)),
  latencyMs: z.number().int().nonnegative(),
  timeToFirstTokenMs: z.number().int().nonnegative().nullable(),
});

/** The first byte of a payload says what it is, so that whoever wants only events need not read the rest. */
const INTENT = 'I';
const EVENT = 'E';
/** Where a payload's row begins; earlier gateways have written JSON there. */
const ROW_AT = 1;
const ROW_BEGINS = '"'.charCodeAt(0);

/** Puts a usage event into the spool's form; an intent is the event that is booked should nothing more be heard of the request. */
export function encodeEvent(
  kind: SpoolEntry['kind'],
  event: UsageEvent,
): SpoolEntry {
  const mark = kind === 'intent' ? INTENT : EVENT;
  return { id: event.id, kind, payload: mark + encodeUsageRow(event) };
}

/** Whether a payload is an event or an intent; `undefined` when it is neither. */
export function kindOfPayload(payload: Buffer): SpoolEntry['kind'] | undefined {
  if (payload[0] === EVENT.charCodeAt(0)) return 'event';
  return payload[0] === INTENT.charCodeAt(0) ? 'intent' : undefined;
}

/**
 * The row that an event or an intent stands in the spool as, not read and not checked.
 *
 * @throws when an earlier gateway has written it, and it is no event
 */
export function rowOfPayload(payload: Buffer): Buffer {
  return payload[ROW_AT] === ROW_BEGINS
    ? payload.subarray(ROW_AT)
    : Buffer.from(encodeUsageRow(decodeEvent(payload)));
}

/**
 * Reads a usage event or an intent from the spool.
 *
 * @throws when it is neither; a record whose checksum holds was written by this code, so that only another version's can be
 */
export function decodeEvent(payload: Buffer): UsageEvent {
  const text = payload.toString('utf8', ROW_AT);
  return payload[ROW_AT] === ROW_BEGINS
    ? decodeEventRow(text)
    : decodeEventText(text);
}

/**
 * Reads the row of an event.
 *
 * @throws when it is none
 */
export function decodeEventRow(row: string): UsageEvent {
  const fields = decodeUsageRow(row);
  const whole = (text: string | null) => (text === null ? null : Number(text));
  return storedEventSchema.parse({
    ...fields,
    occurredAt: whole(fields.occurredAt),
    attempt: whole(fields.attempt),
    streamed: fields.streamed === 't',
    upstreamStatus: whole(fields.upstreamStatus),
    tokens: Object.fromEntries(
      TOKEN_CLASSES.map(name => [name, whole(fields[name])]),
    ),
    latencyMs: whole(fields.latencyMs),
    timeToFirstTokenMs: whole(fields.timeToFirstTokenMs),
  });
}

/**
 * Reads the JSON text of an event.
 *
 * @throws when it is none
 */
export function decodeEventText(text: string): UsageEvent {
  return storedEventSchema.parse(JSON.parse(text));
}

/** The JSON text of an event, for people to read and to mend. */
export function encodeEventText(event: UsageEvent): string {
  return JSON.stringify({
    ...event,
    costNanoUsd: event.costNanoUsd.toString(),
  });
}
