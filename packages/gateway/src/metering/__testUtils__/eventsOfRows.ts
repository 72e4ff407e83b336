import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { decodeEventRow } from '../eventCodec';

/** The events that a batch brings to the ledger; none of their texts may have a quote in it. */
export function eventsOfRows(rows: Buffer): UsageEvent[] {
  return rows
    .toString()
    .slice(1, -1)
    .split(/(?<="),(?=")/)
    .map(decodeEventRow);
}
