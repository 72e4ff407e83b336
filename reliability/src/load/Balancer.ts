import type { GatewayProcess } from '../rig/GatewayProcess';

const CHECK_MS = 200;

/**
 * Goes round those gateways that say that they are ready, as a load balancer does: asked every now and then, so that it learns of an end
 * a little later. It does not try a request again.
 */
export class Balancer {
  readonly #gateways: readonly GatewayProcess[];
  readonly #timer: NodeJS.Timeout;
  #ready: readonly GatewayProcess[];
  #turn = 0;

  static start(gateways: readonly GatewayProcess[]): Balancer {
    return new Balancer(gateways);
  }

  private constructor(gateways: readonly GatewayProcess[]) {
    this.#gateways = gateways;
    this.#ready = gateways;
    this.#timer = setInterval(() => void this.#check(), CHECK_MS);
  }

  /** Where the next request goes. */
  next(): string | undefined {
    if (this.#ready.length === 0) return undefined;
    this.#turn = (this.#turn + 1) % this.#ready.length;
    return this.#ready[this.#turn].url;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  async #check(): Promise<void> {
    const states = await Promise.all(
      this.#gateways.map(async gateway => {
        try {
          return (await gateway.readiness()).status === 200;
        } catch {
          return false;
        }
      }),
    );
    this.#ready = this.#gateways.filter((_, index) => states[index]);
  }
}
