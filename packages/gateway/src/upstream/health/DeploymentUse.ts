import type { HealthSettings } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { ErrorCode } from '../../errors/registry';

/** One use of a deployment; exactly one of its ends is told, and what comes after the first is not heard. */
export interface DeploymentUse {
  /** The first content has come: streamed, its first token; else the whole answer. */
  answered(): void;
  succeeded(): void;
  failed(reason: ErrorCode): void;
  /** Its provider limits requests. @param forMs - as it said, or `null` */
  limited(forMs: number | null): void;
  /** It came to nothing that tells of the deployment: the request was at fault, or its client hung up. */
  abandoned(): void;
}

/** Of an attempt that is not made. */
export const NO_USE: DeploymentUse = {
  answered: () => undefined,
  succeeded: () => undefined,
  failed: () => undefined,
  limited: () => undefined,
  abandoned: () => undefined,
};

/** How a use ended. */
export type UseEnd =
  | { readonly kind: 'succeeded' | 'abandoned' }
  | { readonly kind: 'failed'; readonly reason: ErrorCode }
  | { readonly kind: 'limited'; readonly forMs: number | null };

/** Whom uses of a deployment tell how they go: that it has answered once at most, and that it ended once. */
export interface UsedHealth {
  readonly answered: (use: CountedUse) => void;
  readonly ended: (use: CountedUse, end: UseEnd) => void;
}

const SUCCEEDED: UseEnd = { kind: 'succeeded' };
const ABANDONED: UseEnd = { kind: 'abandoned' };

/** A use that counts. */
export class CountedUse implements DeploymentUse {
  /** Whether it is to show that a deployment that was open works again. */
  readonly trial: boolean;
  readonly startedAt: number;
  readonly streamed: boolean;
  readonly settings: HealthSettings;
  readonly #health: UsedHealth;
  #hasAnswered = false;
  #isOver = false;

  constructor(
    health: UsedHealth,
    trial: boolean,
    startedAt: number,
    streamed: boolean,
    settings: HealthSettings,
  ) {
    this.#health = health;
    this.trial = trial;
    this.startedAt = startedAt;
    this.streamed = streamed;
    this.settings = settings;
  }

  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  answered(): void {
    if (this.#isOver || this.#hasAnswered) return;
    this.#hasAnswered = true;
    this.#health.answered(this);
  }

  succeeded(): void {
    this.answered();
    this.#end(SUCCEEDED);
  }

  failed(reason: ErrorCode): void {
    this.#end({ kind: 'failed', reason });
  }

  limited(forMs: number | null): void {
    this.#end({ kind: 'limited', forMs });
  }

  abandoned(): void {
    this.#end(ABANDONED);
  }

  #end(end: UseEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#health.ended(this, end);
  }
}
