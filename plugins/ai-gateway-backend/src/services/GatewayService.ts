import type { GatewayRecord } from '../database/gateways/GatewayStore';
import type { Stores } from '../database/Stores';
import { DAY_MS } from './gatewayLife';

/** Gateway processes and what each has applied. */
export class GatewayService {
  readonly #stores: Stores;

  static create(options: { stores: Stores }): GatewayService {
    return new GatewayService(options.stores);
  }

  private constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Those seen in the last day. */
  async list(): Promise<{
    currentRevision: bigint;
    gateways: GatewayRecord[];
  }> {
    const { configRevision, gateways } = this.#stores;
    // Gateways first: one that has applied a revision never seems to be ahead of the newest one.
    const seen = await gateways.listSeenWithin(DAY_MS);
    return { currentRevision: await configRevision.current(), gateways: seen };
  }
}
