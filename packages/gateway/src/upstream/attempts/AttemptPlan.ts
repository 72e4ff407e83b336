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

/** What a plan looks at and asks of its surroundings. */
export interface PlanSurroundings {
  /** Those of a model that may be tried now, in the order in which they should be. */
  readonly candidates: (model: ServedModel) => readonly Deployment[];
  readonly admits: (deployment: Deployment) => boolean;
  /** Whether the budget has a retry left for a model; it then counts as made. */
  readonly mayRetry: (model: ServedModel) => boolean;
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
  #models: readonly ServedModel[];
  readonly #around: PlanSurroundings;
  /** How often each deployment was tried. */
  readonly #tried = new Map<string, number>();
  readonly #startedAt: number;
  #attempts = 0;
  #last: { model: ServedModel; deployment: Deployment } | undefined;
  /** The one before the last. */
  #previous: { model: ServedModel; deployment: Deployment } | undefined;

  /**
   * @param models - the one that was asked for, then those to fall back to
   * @param startedAt - when the request came, by the clock that never goes back
   */
  constructor(
    models: readonly ServedModel[],
    startedAt: number,
    around: PlanSurroundings,
  ) {
    this.#models = models;
    this.#startedAt = startedAt;
    this.#around = around;
  }

  /** @param failed - how the attempt failed that this plan gave last; `null` at first */
  next(failed: FailedAttempt | null): NextAttempt {
    const [asked, ...fallbacks] = this.#models;
    const { retries } = asked.routing;
    if (failed?.retry === 'nowhere' || this.#attempts >= retries.attempts) {
      return { kind: 'over' };
    }
    if (failed && this.#elapsed() > retries.withinMs) return { kind: 'over' };

    const isLast = this.#attempts > 0 && this.#attempts + 1 >= retries.attempts;
    const keptFor = isLast ? this.#untriedOf(fallbacks) : undefined;
    if (keptFor) return this.#try(keptFor, 0);
    const own = this.#untriedOf([asked]);
    if (own) return this.#try(own, 0);
    const again = failed && this.#again(failed);
    if (again) return again;
    const other = this.#untriedOf(fallbacks);
    return other ? this.#try(other, 0) : { kind: 'over' };
  }

  /** Takes the attempt back that was given last, and with it all of its model, which turns out not to be allowed. */
  leaveOut(model: ServedModel): void {
    this.#models = this.#models.filter(other => other !== model);
    this.#attempts -= 1;
    this.#last = this.#previous;
  }

  #elapsed(): number {
    return this.#around.monotonic() - this.#startedAt;
  }

  /** The first of these models' deployments that has not been tried. */
  #untriedOf(
    models: readonly ServedModel[],
  ): { model: ServedModel; deployment: Deployment } | undefined {
    for (const model of models) {
      const deployment = this.#around
        .candidates(model)
        .find(({ id }) => !this.#tried.has(id));
      if (deployment) return { model, deployment };
    }
    return undefined;
  }

  /** The last deployment once more. */
  #again(failed: FailedAttempt): NextAttempt | undefined {
    const last = this.#last;
    if (!last || failed.retry !== 'same') return undefined;
    const { retries } = this.#models[0].routing;
    const times = this.#tried.get(last.deployment.id) ?? 0;
    if (times >= retries.perDeployment) return undefined;
    if (!this.#around.admits(last.deployment)) return undefined;
    const delayMs = Math.max(
      backoffMs(times, this.#around.random(), retries),
      failed.retryAfterMs ?? 0,
    );
    // One that wants to be left alone for longer than that is not waited for.
    if (delayMs > retries.maxBackoffMs) return undefined;
    if (this.#elapsed() + delayMs > retries.withinMs) return undefined;
    return this.#around.mayRetry(last.model)
      ? this.#try(last, delayMs)
      : undefined;
  }

  #try(
    what: { model: ServedModel; deployment: Deployment },
    delayMs: number,
  ): NextAttempt {
    const { id } = what.deployment;
    const times = this.#tried.get(id) ?? 0;
    this.#tried.set(id, times + 1);
    this.#attempts += 1;
    this.#previous = this.#last;
    this.#last = what;
    return { kind: 'try', ...what, delayMs, isRetry: times > 0 };
  }
}
