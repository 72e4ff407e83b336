import type {
  DeploymentState,
  HealthSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ErrorCode } from '../../errors/registry';
import {
  abandoned,
  admits,
  CLOSED,
  failed,
  foundAlive,
  succeeded,
  tried,
  type Breaker,
} from './breaker';
import {
  CountedUse,
  type DeploymentUse,
  type UsedHealth,
  type UseEnd,
} from './DeploymentUse';
import { MovingMean } from './MovingMean';

export { NO_USE, type DeploymentUse } from './DeploymentUse';

/** A deployment as it is found at a moment; times are milliseconds of the clock that never goes back. */
export interface FoundDeployment {
  readonly deploymentId: string;
  readonly modelId: string;
  readonly state: DeploymentState;
  readonly since: number;
  /** Until when it is left alone; `null` unless it is cooling or open. */
  readonly until: number | null;
  readonly reason: ErrorCode | null;
  readonly firstTokenMs: number | null;
  readonly answerMs: number | null;
  readonly inFlight: number;
}

/**
 * A change of what is known of a deployment.
 *
 * - `trying`: an open one is tried with one request
 * - `closed`: that went well
 */
export type HealthChange =
  'opened' | 'trying' | 'closed' | 'cooling' | 'draining' | 'published';

export interface DeploymentHealthOptions {
  readonly deploymentId: string;
  readonly modelId: string;
  readonly monotonic: () => number;
  /** Called after each change but those that only time brings about. */
  readonly onChange: (change: HealthChange) => void;
  /** Called when it drains and nothing is under way at it any more. */
  readonly onDrained: () => void;
}

/**
 * What this gateway knows of a deployment by using it: whether it may be tried, how fast it is, how much it has to do.
 *
 * A deployment whose provider limits requests is left alone until it may be asked again, which is no failure. One that fails is left alone
 * by its {@link Breaker}. Both end by themselves.
 */
export class DeploymentHealth {
  readonly deploymentId: string;
  readonly modelId: string;
  readonly #monotonic: () => number;
  readonly #onChange: (change: HealthChange) => void;
  readonly #onDrained: () => void;
  readonly #firstToken = new MovingMean();
  readonly #answer = new MovingMean();
  readonly #used: UsedHealth = {
    answered: use => this.#answered(use),
    ended: (use, end) => this.#ended(use, end),
  };
  #breaker: Breaker = CLOSED;
  #coolingUntil = -Infinity;
  #since: number;
  #reason: ErrorCode | null = null;
  #inFlight = 0;
  #triedAt: number | null = null;
  #isDraining = false;
  #openedAt = -Infinity;
  /** Whether a probe has found it alive since it was last closed, and whether a trial then failed all the same. */
  #probe: 'none' | 'believed' | 'misled' = 'none';

  constructor(options: DeploymentHealthOptions) {
    this.deploymentId = options.deploymentId;
    this.modelId = options.modelId;
    this.#monotonic = options.monotonic;
    this.#onChange = options.onChange;
    this.#onDrained = options.onDrained;
    this.#since = options.monotonic();
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get triedAt(): number | null {
    return this.#triedAt;
  }

  get breaker(): Breaker['state'] {
    return this.#breaker.state;
  }

  latencyMs(streamed: boolean): number | null {
    return (streamed ? this.#firstToken : this.#answer).value;
  }

  /** Whether it may be tried now. */
  admits(): boolean {
    const now = this.#monotonic();
    return now >= this.#coolingUntil && admits(this.#breaker, now);
  }

  /** Begins to use it; to be asked of one that admits it. */
  begin(streamed: boolean, settings: HealthSettings): DeploymentUse {
    const now = this.#monotonic();
    const trial = this.#breaker.state === 'open';
    this.#breaker = tried(this.#breaker);
    this.#triedAt = now;
    this.#inFlight += 1;
    if (trial) this.#onChange('trying');
    return new CountedUse(this.#used, trial, now, streamed, settings);
  }

  /** Since when it has been open without a break; `null` when it is not, or has to be tried by now anyway. */
  get openSince(): number | null {
    return this.#breaker.state === 'open' &&
      this.#breaker.until > this.#monotonic()
      ? this.#openedAt
      : null;
  }

  /**
   * A probe has found it alive: it may be tried at once. If that fails all the same, probes tell nothing of what is wrong with it, and are
   * not heard again until it has been closed.
   */
  foundAlive(): void {
    if (this.#probe === 'misled') return;
    this.#probe = 'believed';
    this.#breaker = foundAlive(this.#breaker, this.#monotonic());
  }

  /** Whether it is still published. */
  setPublished(published: boolean): void {
    if (this.#isDraining !== published) return;
    this.#isDraining = !published;
    this.#since = this.#monotonic();
    this.#onChange(published ? 'published' : 'draining');
    this.#finishIfDrained();
  }

  found(): FoundDeployment {
    const now = this.#monotonic();
    const isCooling = this.#coolingUntil > now;
    const state = this.#stateAt(isCooling);
    const isHealthy = state === 'healthy';
    return {
      deploymentId: this.deploymentId,
      modelId: this.modelId,
      state,
      since: isHealthy
        ? Math.max(this.#since, this.#coolingUntil)
        : this.#since,
      until: this.#until(state),
      reason: isHealthy || state === 'draining' ? null : this.#reason,
      firstTokenMs: this.#firstToken.value,
      answerMs: this.#answer.value,
      inFlight: this.#inFlight,
    };
  }

  #stateAt(isCooling: boolean): DeploymentState {
    if (this.#isDraining) return 'draining';
    if (this.#breaker.state !== 'closed') return 'open';
    return isCooling ? 'cooling' : 'healthy';
  }

  #until(state: DeploymentState): number | null {
    if (state === 'cooling') return this.#coolingUntil;
    return state === 'open' && this.#breaker.state === 'open'
      ? Math.max(this.#breaker.until, this.#coolingUntil)
      : null;
  }

  #answered({ trial, startedAt, streamed }: CountedUse): void {
    const now = this.#monotonic();
    (streamed ? this.#firstToken : this.#answer).add(now - startedAt, now);
    // A stream may last long: a trial has succeeded once there is something of it.
    if (trial) this.#become(succeeded(this.#breaker, true), null);
  }

  #ended(use: CountedUse, end: UseEnd): void {
    this.#inFlight -= 1;
    this.#learn(use, end);
    this.#finishIfDrained();
  }

  #learn({ trial, hasAnswered, settings }: CountedUse, end: UseEnd): void {
    switch (end.kind) {
      case 'succeeded':
        this.#become(succeeded(this.#breaker, false), null);
        break;
      case 'failed': {
        const now = this.#monotonic();
        this.#become(
          failed(this.#breaker, trial && !hasAnswered, now, settings),
          end.reason,
        );
        break;
      }
      case 'limited':
        this.#cool(end.forMs, trial, settings);
        break;
      case 'abandoned':
        if (trial) this.#breaker = abandoned(this.#breaker, this.#monotonic());
        break;
      default: {
        const impossible: never = end;
        throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
      }
    }
  }

  #become(next: Breaker, reason: ErrorCode | null): void {
    const before = this.#breaker;
    this.#breaker = next;
    if (before.state === next.state) return;
    if (next.state === 'closed') this.#probe = 'none';
    if (next.state === 'open') {
      this.#openedAt = this.#monotonic();
      if (this.#probe === 'believed') this.#probe = 'misled';
    }
    // Half-open is open to whoever looks on.
    if (before.state === 'closed' || next.state === 'closed') {
      this.#since = this.#monotonic();
    }
    if (reason !== null) this.#reason = reason;
    this.#onChange(next.state === 'closed' ? 'closed' : 'opened');
  }

  #finishIfDrained(): void {
    if (this.#isDraining && this.#inFlight === 0) this.#onDrained();
  }

  #cool(forMs: number | null, trial: boolean, settings: HealthSettings): void {
    const now = this.#monotonic();
    // It is there, and says no: that ends a trial well, and tells nothing else.
    if (trial) this.#breaker = succeeded(this.#breaker, true);
    const until = now + (forMs ?? settings.cooldownMs);
    if (until <= this.#coolingUntil) return;
    if (this.#coolingUntil <= now) this.#since = now;
    this.#coolingUntil = until;
    this.#reason = 'upstream_rate_limited';
    this.#onChange('cooling');
  }
}
