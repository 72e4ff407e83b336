import type { Deployment, ServedModel } from '../../snapshot/Snapshot';
import { backoffMs } from './backoffMs';
import type { Verdict } from './verdictOn';

/** How the last attempt failed. */
export interface FailedAttempt {
  readonly retry: Verdict['retry'];
  /** Milliseconds after which its provider may be asked again, if it said so. */
  readonly retryAfterMs: number | null;
}

/** What to do next for a request. */
export type NextAttempt =
  | {
      readonly kind: 'try';
      readonly model: ServedModel;
      readonly deployment: Deployment;
      readonly delayMs: number;
      /** Whether this request has been at this deployment before. */
      readonly isRetry: boolean;
    }
  /** Enough has been tried, or nothing is left that may be. */
  | { readonly kind: 'over' };

const OVER: NextAttempt = { kind: 'over' };

interface Choice {
  readonly model: ServedModel;
  readonly deployment: Deployment;
}

/** The request that a plan is for. */
export interface PlannedRequest {
  /** When it came, by the clock that never goes back. */
  readonly startedAt: number;
  readonly streamed: boolean;
  /** How many requests for its model came before it. */
  readonly turn: number;
}

/** What all plans look at and ask of their surroundings. */
export interface PlanSurroundings {
  /** Those of a model that may be tried now, in the order in which they should be. */
  readonly candidates: (
    model: ServedModel,
    request: PlannedRequest,
  ) => readonly Deployment[];
  readonly admits: (deployment: Deployment) => boolean;
  /** Whether the budget has a retry left for requests for a model; it then counts as made. */
  readonly mayRetry: (asked: ServedModel) => boolean;
  /** From 0 to just below 1. */
  readonly random: () => number;
  /** Milliseconds of the clock that never goes back. */
  readonly monotonic: () => number;
}

/**
 * Which deployments are tried for one request, one after the other:
 *
 * 1. those of the model that was asked for, each once, in the order of its strategy;
 * 2. the last one again, after a moment, if what failed may pass and the retry budget has something left;
 * 3. those of its fallback models, in their order, each once.
 *
 * The last attempt that there may be is kept for a fallback model, if one can be tried. What is cooling or open is never tried. How many
 * attempts there are, and within which time, is for the model that was asked for to say.
 */
export class AttemptPlan {
  readonly #asked: ServedModel;
  readonly #fallbacksOf: () => readonly ServedModel[];
  readonly #request: PlannedRequest;
  readonly #around: PlanSurroundings;
  /** The deployments that were tried, as often as they were. */
  readonly #tried: Deployment[] = [];
  /** Not asked for before they may be needed. */
  #fallbacks: readonly ServedModel[] | undefined;
  #attempts = 0;
  #last: Choice | undefined;
  /** The one before the last. */
  #previous: Choice | undefined;

  /**
   * @param asked - the model that was asked for
   * @param fallbacksOf - those to fall back to
   */
  constructor(
    asked: ServedModel,
    fallbacksOf: () => readonly ServedModel[],
    request: PlannedRequest,
    around: PlanSurroundings,
  ) {
    this.#asked = asked;
    this.#fallbacksOf = fallbacksOf;
    this.#request = request;
    this.#around = around;
  }

  /** @param failed - how the attempt failed that this plan gave last; `null` at first */
  next(failed: FailedAttempt | null): NextAttempt {
    const { retries } = this.#asked.routing;
    if (failed?.retry === 'nowhere' || this.#attempts >= retries.attempts) {
      return OVER;
    }
    if (failed && this.#elapsed() > retries.withinMs) return OVER;

    const isLast = this.#attempts > 0 && this.#attempts + 1 >= retries.attempts;
    const keptFor = isLast ? this.#untriedFallback() : undefined;
    if (keptFor) return this.#try(keptFor, 0);
    const own = this.#untriedOf(this.#asked);
    if (own) return this.#try(own, 0);
    const again = failed && this.#again(failed);
    if (again) return again;
    const other = this.#untriedFallback();
    return other ? this.#try(other, 0) : OVER;
  }

  /** Takes the attempt back that was given last, and with it all of its model, which turns out not to be allowed. */
  leaveOut(model: ServedModel): void {
    this.#fallbacks = this.#fallbacks?.filter(other => other !== model);
    this.#attempts -= 1;
    this.#last = this.#previous;
  }

  #elapsed(): number {
    return this.#around.monotonic() - this.#request.startedAt;
  }

  /** The first of the fallback models' deployments that has not been tried. */
  #untriedFallback(): Choice | undefined {
    this.#fallbacks ??= this.#fallbacksOf();
    for (const model of this.#fallbacks) {
      const untried = this.#untriedOf(model);
      if (untried) return untried;
    }
    return undefined;
  }

  /** The first of a model's deployments that has not been tried. */
  #untriedOf(model: ServedModel): Choice | undefined {
    for (const deployment of this.#around.candidates(model, this.#request)) {
      if (this.#timesTried(deployment) === 0) return { model, deployment };
    }
    return undefined;
  }

  #timesTried({ id }: Deployment): number {
    let times = 0;
    for (const tried of this.#tried) if (tried.id === id) times += 1;
    return times;
  }

  /** The last deployment once more. */
  #again(failed: FailedAttempt): NextAttempt | undefined {
    const last = this.#last;
    if (!last || failed.retry !== 'same') return undefined;
    const { retries } = this.#asked.routing;
    const times = this.#timesTried(last.deployment);
    if (times >= retries.perDeployment) return undefined;
    if (!this.#around.admits(last.deployment)) return undefined;
    const delayMs = Math.max(
      backoffMs(times, this.#around.random(), retries),
      failed.retryAfterMs ?? 0,
    );
    // One that wants to be left alone for longer than that is not waited for.
    if (delayMs > retries.maxBackoffMs) return undefined;
    if (this.#elapsed() + delayMs > retries.withinMs) return undefined;
    return this.#around.mayRetry(this.#asked)
      ? this.#try(last, delayMs)
      : undefined;
  }

  #try(what: Choice, delayMs: number): NextAttempt {
    const { model, deployment } = what;
    const isRetry = this.#timesTried(deployment) > 0;
    this.#tried.push(deployment);
    this.#attempts += 1;
    this.#previous = this.#last;
    this.#last = what;
    return { kind: 'try', model, deployment, delayMs, isRetry };
  }
}
