import { DeploymentHealth, type FoundDeployment } from './DeploymentHealth';

/** What this gateway knows of the deployments that it has used. */
export class DeploymentHealths {
  readonly #monotonic: () => number;
  readonly #byId = new Map<string, DeploymentHealth>();
  readonly #listeners: Array<(health: DeploymentHealth) => void> = [];

  static create(options: { monotonic: () => number }): DeploymentHealths {
    return new DeploymentHealths(options.monotonic);
  }

  private constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Calls back after each change of state but those that only time brings about. */
  onChange(listener: (health: DeploymentHealth) => void): void {
    this.#listeners.push(listener);
  }

  of(deployment: {
    readonly id: string;
    readonly modelId: string;
  }): DeploymentHealth {
    let health = this.#byId.get(deployment.id);
    if (!health) {
      health = new DeploymentHealth({
        deploymentId: deployment.id,
        modelId: deployment.modelId,
        monotonic: this.#monotonic,
        onChange: changed => this.#changed(changed),
      });
      this.#byId.set(deployment.id, health);
    }
    return health;
  }

  /** `undefined` when it has not been used. */
  find(deploymentId: string): DeploymentHealth | undefined {
    return this.#byId.get(deploymentId);
  }

  /** What is no longer published drains: it is forgotten once nothing is under way at it. */
  retain(published: ReadonlySet<string>): void {
    for (const [id, health] of this.#byId) {
      const isPublished = published.has(id);
      health.setPublished(isPublished);
      if (!isPublished && health.inFlight === 0) this.#byId.delete(id);
    }
  }

  found(): FoundDeployment[] {
    return [...this.#byId.values()].map(health => health.found());
  }

  #changed(health: DeploymentHealth): void {
    for (const listener of this.#listeners) listener(health);
    const isDrained =
      health.inFlight === 0 && health.found().state === 'draining';
    if (isDrained) this.#byId.delete(health.deploymentId);
  }
}
