import type { PriceRates } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** A price as it is kept. */
export interface PriceRecord {
  readonly id: string;
  readonly deploymentId: string;
  readonly effectiveFrom: Date;
  readonly rates: PriceRates;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** A price and when the next one of its deployment starts; `null` when it is the last. */
export interface PricePeriod extends PriceRecord {
  readonly effectiveUntil: Date | null;
}

/** Prices: rows are added and never changed. */
export interface PriceStore {
  /** All prices of a deployment, newest start first. */
  list(deploymentId: string): Promise<PricePeriod[]>;
  /** The prices in force at a moment, by deployment. */
  inForce(
    deploymentIds: readonly string[],
    at: Date,
  ): Promise<Map<string, PricePeriod>>;
  /** @returns `false` when the deployment has a price of the same start */
  insert(price: PriceRecord): Promise<boolean>;
}
