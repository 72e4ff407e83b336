import type { AttemptResult } from '../metering/usageEvent';
import type { Gateway } from './Gateway';
import type { Relayed } from './Relayed';
import type { Failed, Tried } from './Tried';

/** How an attempt went, as it is booked: times are from when its request came. */
export function resultOf(
  { exchange, ...tried }: Tried,
  told: Omit<Relayed, 'finish'>,
  gateway: Gateway,
): AttemptResult {
  const sinceStart = (at: number) =>
    Math.max(0, Math.round(at - exchange.startedAt));
  const { firstByteAt, ...result } = told;
  return {
    ...result,
    upstreamStatus: tried.kind === 'gone' ? null : tried.status,
    latencyMs: sinceStart(gateway.monotonic()),
    timeToFirstTokenMs: firstByteAt === null ? null : sinceStart(firstByteAt),
  };
}

/** What there is to tell of an attempt that failed before its client saw anything of it. */
export function toldOf(failed: Failed): Omit<Relayed, 'finish'> {
  return {
    outcome: failed.outcome,
    errorCode: failed.refusal.code,
    usage: { kind: 'absent' },
    generatedBytes: failed.generatedBytes,
    taken: failed.taken,
    firstByteAt: null,
  };
}
