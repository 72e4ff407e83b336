import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ServedModel } from '../snapshot/Snapshot';

/** A request that was let in. Its end is told once, whichever it is; telling more is of no effect. */
export interface Admission {
  /**
   * Whether it may fall back to a model: what holds for that model alone, its subscription, is reserved as well. The rest holds for
   * whichever model answers, and has been.
   */
  mayFallBackTo(model: ServedModel): Promise<boolean>;
  /**
   * It is over, and came to this: every attempt that was made. Not waited for, unless what the next request may do depends on it.
   */
  settle(events: readonly UsageEvent[]): Promise<void>;
  /** Nothing was spent. */
  release(): void;
  /** It ended by a fault of our own: it took what it had reserved, for all that is known. */
  abandon(): void;
}

/** Of a request that nothing is counted for, whichever model answers. */
export const UNCOUNTED: Admission = Object.freeze({
  mayFallBackTo: () => Promise.resolve(true),
  settle: () => Promise.resolve(),
  release: () => undefined,
  abandon: () => undefined,
});
