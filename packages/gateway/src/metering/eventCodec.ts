import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { z } from 'zod';
import type { SpoolEntry } from './spool/SpoolWriter';

const tokens = z.number().int().nonnegative();

/** How a usage event stands in the spool: JSON, the cost as a string so that it stays exact. */
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
const INTENT = 0x49; // I
const EVENT = 0x45; // E

/** Puts a usage event into the spool's form; an intent is the event that is booked should nothing more be heard of the request. */
export function encodeEvent(
  kind: SpoolEntry['kind'],
  event: UsageEvent,
): SpoolEntry {
  const stored = { ...event, costNanoUsd: event.costNanoUsd.toString() };
  const mark = String.fromCharCode(kind === 'intent' ? INTENT : EVENT);
  return {
    id: event.id,
    kind,
    payload: Buffer.from(mark + JSON.stringify(stored)),
  };
}

/** Whether a payload is an event or an intent; `undefined` when it is neither. */
export function kindOfPayload(payload: Buffer): SpoolEntry['kind'] | undefined {
  if (payload[0] === EVENT) return 'event';
  return payload[0] === INTENT ? 'intent' : undefined;
}

/**
 * Reads a usage event or an intent from the spool.
 *
 * @throws when it is neither; a record whose checksum holds was written by this code, so that only another version's can be
 */
export function decodeEvent(payload: Buffer): UsageEvent {
  return decodeEventText(payload.toString('utf8', 1));
}

/**
 * Reads what a payload holds behind its mark.
 *
 * @throws when it is no usage event
 */
export function decodeEventText(text: string): UsageEvent {
  return storedEventSchema.parse(JSON.parse(text));
}
