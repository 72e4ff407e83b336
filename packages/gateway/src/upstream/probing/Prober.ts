import type { Log } from '../../telemetry/log';
import type { DeploymentHealths } from '../health/DeploymentHealths';
import type { ProbeResult, ProbeStore } from './ProbeStore';

export interface ProberOptions {
  readonly healths: DeploymentHealths;
  readonly store: ProbeStore;
  /** Looks at a deployment; `undefined` when it is not to be looked at. Never rejects. */
  readonly probe: (deploymentId: string) => Promise<ProbeResult | undefined>;
  /** Milliseconds of the clock that never goes back. */
  readonly monotonic: () => number;
  readonly log: Log;
  readonly settings?: ProberSettings;
}

export interface ProberSettings {
  /** Between two rounds, while any deployment is left alone. */
  readonly roundMs: number;
  /** Between two looks at the same one, by whichever gateway. */
  readonly everyMs: number;
}

const USUAL: ProberSettings = { roundMs: 2_000, everyMs: 5_000 };

/**
 * Finds deployments again that are left alone after failures, sooner than by waiting: while this gateway has any, it takes its turn at
 * looking at them and hears what others have found. Without any it does nothing, and without the database too: then it is by waiting.
 */
export class Prober {
  readonly #options: ProberOptions;
  readonly #settings: ProberSettings;
  readonly #timer: NodeJS.Timeout;
  #round: Promise<void> | undefined;

  static start(options: ProberOptions): Prober {
    return new Prober(options);
  }

  private constructor(options: ProberOptions) {
    this.#options = options;
    this.#settings = options.settings ?? USUAL;
    this.#timer = setInterval(() => {
      this.#round ??= this.#goRound().finally(() => {
        this.#round = undefined;
      });
    }, this.#settings.roundMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  async #goRound(): Promise<void> {
    const { store, log } = this.#options;
    const open = this.#open();
    if (open.size === 0) return;
    try {
      await store.takeTurn(this.#settings.everyMs, due => this.#look(due));
      this.#hear(await store.alive([...open.keys()]), open);
    } catch (error) {
      log.debug({ err: error }, 'Deployments could not be probed');
    }
  }

  /** Those that are left alone, and since when. */
  #open(): Map<string, number> {
    const open = new Map<string, number>();
    for (const { deploymentId } of this.#options.healths.found()) {
      const since = this.#options.healths.find(deploymentId)?.openSince ?? null;
      if (since !== null) open.set(deploymentId, since);
    }
    return open;
  }

  async #look(due: readonly string[]): Promise<readonly ProbeResult[]> {
    const results = await Promise.all(due.map(this.#options.probe));
    return results.filter(result => result !== undefined);
  }

  #hear(
    alive: ReadonlyArray<{ deploymentId: string; agoMs: number }>,
    open: ReadonlyMap<string, number>,
  ): void {
    const { healths, monotonic } = this.#options;
    for (const { deploymentId, agoMs } of alive) {
      const since = open.get(deploymentId);
      // What was found before it failed is no news.
      if (since !== undefined && monotonic() - agoMs > since) {
        healths.find(deploymentId)?.foundAlive();
      }
    }
  }
}
