import type { DeploymentState } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Deployment, ServedModel, Snapshot } from '../snapshot/Snapshot';
import {
  AttemptPlan,
  type NextAttempt,
  type PlannedRequest,
  type PlanSurroundings,
} from './attempts/AttemptPlan';
import { RetryBudget } from './attempts/RetryBudget';
import type { DeploymentUse } from './health/DeploymentHealth';
import { DeploymentHealths } from './health/DeploymentHealths';
import { STRATEGIES, type Candidate } from './strategies';

export interface DeploymentRouterOptions {
  /** Milliseconds of the clock that never goes back. */
  readonly monotonic: () => number;
  /** From 0 to just below 1. */
  readonly random: () => number;
}

/** Why none of the deployments of a request may be tried, and when one may be. */
export interface NoneToTry {
  /** The one that may be tried soonest. */
  readonly deployment: Deployment;
  readonly state: 'cooling' | 'open';
  readonly retryAfterMs: number;
}

/** What was done since the start, and how deployments are found now. */
export interface RoutingStats {
  readonly attempts: number;
  /** Attempts at a deployment that the same request had been at. */
  readonly retries: number;
  /** Attempts at another deployment or model than the first. */
  readonly fallbacks: number;
  /** Requests of which no deployment could be tried. */
  readonly refused: number;
  /** How often a breaker opened. */
  readonly opened: number;
  /** How often a deployment was left alone because its provider limits requests. */
  readonly cooled: number;
  readonly deployments: Readonly<Record<DeploymentState, number>>;
}

/** How a model has been asked for. */
interface ModelUse {
  /** How often. */
  turn: number;
  readonly retries: RetryBudget;
}

interface LiveCandidate extends Candidate {
  readonly deployment: Deployment;
}

const NONE: readonly Deployment[] = [];

/** While a trial is under way, nobody knows for how long. */
const TRIAL_MS = 1_000;

/**
 * Chooses deployments by what is configured and by how they are found.
 */
export class DeploymentRouter {
  readonly healths: DeploymentHealths;
  readonly #options: DeploymentRouterOptions;
  readonly #surroundings: PlanSurroundings;
  /** By model. */
  readonly #uses = new Map<string, ModelUse>();
  readonly #count = {
    attempts: 0,
    retries: 0,
    fallbacks: 0,
    refused: 0,
    opened: 0,
    cooled: 0,
  };

  static create(options: DeploymentRouterOptions): DeploymentRouter {
    return new DeploymentRouter(options);
  }

  private constructor(options: DeploymentRouterOptions) {
    this.#options = options;
    this.healths = DeploymentHealths.create(options);
    this.#surroundings = {
      candidates: (model, request) => this.#candidates(model, request),
      admits: deployment => this.healths.of(deployment).admits(),
      mayRetry: asked => this.#useOf(asked).retries.take(options.monotonic()),
      ...options,
    };
    this.healths.onChange(({ change }) => {
      if (change === 'opened') this.#count.opened += 1;
      if (change === 'cooling') this.#count.cooled += 1;
    });
  }

  /**
   * A plan for one request.
   *
   * @param asked - the model that was asked for
   * @param fallbacksOf - those that it may fall back to; asked when they may be needed
   * @param request - when it came, by the clock that never goes back, and whether its answer is streamed
   */
  plan(
    asked: ServedModel,
    fallbacksOf: () => readonly ServedModel[],
    { startedAt, streamed }: { startedAt: number; streamed: boolean },
  ): AttemptPlan {
    const use = this.#useOf(asked);
    const { turn } = use;
    use.turn += 1;
    use.retries.request(asked.routing.retries.budgetPercent);
    return new AttemptPlan(
      asked,
      fallbacksOf,
      { startedAt, streamed, turn },
      this.#surroundings,
    );
  }

  /** Begins an attempt that a plan gave. */
  begin(
    { model, deployment, isRetry }: NextAttempt & { kind: 'try' },
    attempt: { readonly number: number; readonly streamed: boolean },
  ): DeploymentUse {
    this.#count.attempts += 1;
    if (isRetry) this.#count.retries += 1;
    else if (attempt.number > 1) this.#count.fallbacks += 1;
    return this.healths
      .of(deployment)
      .begin(attempt.streamed, model.routing.health);
  }

  /** Why a plan for these models had nothing to begin with. */
  noneToTry(models: readonly ServedModel[]): NoneToTry {
    this.#count.refused += 1;
    const now = this.#options.monotonic();
    const all = models.flatMap(({ deployments }) => deployments);
    const [soonest] = all
      .map(deployment => {
        const { state, until } = this.healths.of(deployment).found();
        return {
          deployment,
          state: state === 'cooling' ? state : ('open' as const),
          retryAfterMs: Math.max(0, (until ?? now + TRIAL_MS) - now),
        };
      })
      .sort((a, b) => a.retryAfterMs - b.retryAfterMs);
    return soonest;
  }

  /** Takes note of what is published now. */
  apply({ models }: Snapshot): void {
    const published = new Set<string>();
    for (const { deployments } of models.values()) {
      for (const { id } of deployments) published.add(id);
    }
    this.healths.retain(published);
    for (const id of this.#uses.keys()) {
      if (!models.has(id)) this.#uses.delete(id);
    }
  }

  stats(): RoutingStats {
    const deployments = { healthy: 0, cooling: 0, open: 0, draining: 0 };
    for (const { state } of this.healths.found()) deployments[state] += 1;
    return { ...this.#count, deployments };
  }

  #useOf({ id }: ServedModel): ModelUse {
    let use = this.#uses.get(id);
    if (!use) {
      use = { turn: 0, retries: new RetryBudget(this.#options.monotonic()) };
      this.#uses.set(id, use);
    }
    return use;
  }

  #candidates(
    { deployments, routing }: ServedModel,
    { turn, streamed }: PlannedRequest,
  ): readonly Deployment[] {
    if (deployments.length === 1) {
      return this.healths.of(deployments[0]).admits() ? deployments : NONE;
    }
    const candidates: LiveCandidate[] = [];
    for (const deployment of deployments) {
      const health = this.healths.of(deployment);
      if (!health.admits()) continue;
      candidates.push({
        id: deployment.id,
        priority: deployment.priority,
        weight: deployment.weight,
        inFlight: health.inFlight,
        latencyMs: health.latencyMs(streamed),
        triedAt: health.triedAt,
        deployment,
      });
    }
    const { random, monotonic } = this.#options;
    return STRATEGIES[routing.strategy](candidates, {
      random,
      turn,
      now: monotonic(),
    }).map(({ deployment }) => deployment);
  }
}
