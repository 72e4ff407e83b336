import {
  DeploymentHealth,
  type FoundDeployment,
  type HealthChange,
} from './DeploymentHealth';

/** What changed, and of which deployment. */
export interface ChangedHealth {
  readonly change: HealthChange;
  readonly health: DeploymentHealth;
}

/** What this gateway knows of the deployments that it has used. */
export class DeploymentHealths {
  readonly #monotonic: () => number;
  readonly #byId = new Map<string, DeploymentHealth>();
  readonly #listeners: Array<(changed: ChangedHealth) => void> = [];

  static create(options: { monotonic: () => number }): DeploymentHealths {
    return new DeploymentHealths(options.monotonic);
  }

  private constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Calls back after each change but those that only time brings about. */
  onChange(listener: (changed: ChangedHealth) => void): void {
    this.#listeners.push(listener);
  }

  of(deployment: {
    readonly id: string;
    readonly modelId: string;
  }): DeploymentHealth {
    return this.#byId.get(deployment.id) ?? this.#add(deployment);
  }

  /** `undefined` when it has not been used. */
  find(deploymentId: string): DeploymentHealth | undefined {
    return this.#byId.get(deploymentId);
  }

  /** What is no longer published drains: it is forgotten once nothing is under way at it. */
  retain(published: ReadonlySet<string>): void {
    for (const [id, health] of this.#byId) {
      health.setPublished(published.has(id));
    }
  }

  found(): FoundDeployment[] {
    return [...this.#byId.values()].map(health => health.found());
  }

  #add(deployment: {
    readonly id: string;
    readonly modelId: string;
  }): DeploymentHealth {
    const health: DeploymentHealth = new DeploymentHealth({
      deploymentId: deployment.id,
      modelId: deployment.modelId,
      monotonic: this.#monotonic,
      onChange: change => {
        for (const listener of this.#listeners) listener({ change, health });
      },
      onDrained: () => this.#byId.delete(deployment.id),
    });
    this.#byId.set(deployment.id, health);
    return health;
  }
}
