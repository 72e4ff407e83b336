import type {
  UsageEvent,
  UsageOutcome,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Refusal } from '../errors/registry';
import type { Attempt } from '../metering/usageEvent';
import type { WholeAnswer } from '../providers/spec';
import type { EventStream } from '../upstream/EventStream';
import type { DeploymentUse } from '../upstream/health/DeploymentHealth';
import type { Admitted } from './admit';
import type { Watch } from './Watch';

/** A request in an attempt at one deployment. */
export interface Attempted {
  readonly admitted: Admitted;
  readonly attempt: Attempt;
  /** Whoever ends the attempt tells it how it went. */
  readonly use: DeploymentUse;
  /** Ends the attempt when the client hangs up or its time is over. */
  readonly watch: Watch;
  /** The events of the attempts before it, which failed; they are booked. */
  readonly earlier: readonly UsageEvent[];
}

/** What came of an attempt, before its client has seen anything of it. */
export type Tried = Streaming | Answered | Failed | Gone;

/** A stream that has content, none of which has been passed on. */
export interface Streaming {
  readonly kind: 'stream';
  readonly attempted: Attempted;
  readonly status: number;
  readonly stream: EventStream;
}

/** An answer that came whole. */
export interface Answered {
  readonly kind: 'whole';
  readonly attempted: Attempted;
  /** `null` when nobody had to be asked. */
  readonly status: number | null;
  readonly answer: WholeAnswer & { readonly kind: 'completion' };
  /** By the clock that never goes back. */
  readonly answeredAt: number;
}

/** Nothing that its client could use. */
export interface Failed {
  readonly kind: 'failed';
  readonly attempted: Attempted;
  readonly refusal: Refusal;
  readonly status: number | null;
  readonly outcome: Extract<
    UsageOutcome,
    'upstream_error' | 'truncated' | 'refused'
  >;
  /** Whether the upstream has worked on it: whether what it generated is to be paid for. */
  readonly taken: boolean;
  /** Bytes of what came, for an estimate. */
  readonly generatedBytes: number;
}

/** The client hung up before it saw anything. */
export interface Gone {
  readonly kind: 'gone';
  readonly attempted: Attempted;
  /** Whether the upstream was at work on it: not when it had not even been asked. */
  readonly taken: boolean;
  readonly generatedBytes: number;
}
