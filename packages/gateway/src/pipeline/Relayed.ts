import type { Refusal } from '../errors/registry';
import type { AttemptResult } from '../metering/usageEvent';

/** How an attempt went, as whoever passed its answer on saw it. */
export type Relayed = Pick<
  AttemptResult,
  'outcome' | 'errorCode' | 'usage' | 'generatedBytes' | 'taken'
> & {
  /** Milliseconds of the clock that never goes back; `null` when nothing came. */
  readonly firstByteAt: number | null;
  /**
   * Gives the client the end: the closing event of a stream, or an answer that is not streamed, whole.
   *
   * @param instead - what to say in its place, when the usage could not be recorded
   */
  readonly finish: (instead: Refusal | null) => void;
};
