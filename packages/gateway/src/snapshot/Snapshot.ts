import type { EffectivePrice } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ProviderDialect } from '../providers/spec';

/** An upstream account, ready to be called. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly dialect: ProviderDialect;
  /** Up to and including the version. */
  readonly baseUrl: string;
  readonly origin: string;
  readonly secretRef: string | null;
}

/** One published target of a model. */
export interface Deployment {
  readonly id: string;
  readonly modelId: string;
  readonly upstreamModel: string;
  readonly weight: number;
  /** Lower is tried first. */
  readonly priority: number;
  readonly provider: Provider;
  /** By start, earliest first. */
  readonly prices: readonly EffectivePrice[];
}

/** A model that can be called: it has at least one published deployment of an enabled provider. */
export interface ServedModel {
  readonly id: string;
  readonly ownerRef: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly deployments: readonly Deployment[];
}

/** One revision of the configuration, compiled. Never changed: a new revision is a new snapshot. */
export interface Snapshot {
  readonly revision: number;
  readonly models: ReadonlyMap<string, ServedModel>;
  /** Business units by project. */
  readonly businessUnits: ReadonlyMap<string, string>;
}
