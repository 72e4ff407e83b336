import type { AttemptResult } from '../metering/usageEvent';
import type { Gateway } from './Gateway';
import type { Relayed } from './Relayed';
import type { Failed, Tried } from './Tried';

/** How an attempt went, as it is booked: times are from when its request came. */
export function resultOf(
  tried: Tried,
  told: Omit<Relayed, 'finish'>,
  gateway: Gateway,
): AttemptResult {
  const { startedAt } = tried.attempted.admitted.exchange;
  const { firstByteAt } = told;
  return {
    outcome: told.outcome,
    errorCode: told.errorCode,
    upstreamStatus: tried.kind === 'gone' ? null : tried.status,
    usage: told.usage,
    taken: told.taken,
    generatedBytes: told.generatedBytes,
    latencyMs: between(startedAt, gateway.monotonic()),
    timeToFirstTokenMs:
      firstByteAt === null ? null : between(startedAt, firstByteAt),
  };
}

/** Whole milliseconds. */
function between(start: number, end: number): number {
  return Math.max(0, Math.round(end - start));
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
