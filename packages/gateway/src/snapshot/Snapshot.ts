import type {
  HealthSettings,
  RetrySettings,
  RoutingStrategy,
  TimeoutSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { EffectivePrice } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { ProviderSettings } from '../providers/settings';
import type { ProviderKind } from '../providers/spec';
import type { OnClientAbort } from './onClientAbort';

/** An upstream account, ready to be called. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly kind: ProviderKind;
  /** What stands before the provider's paths; with most kinds up to and including the version. */
  readonly baseUrl: string;
  readonly origin: string;
  readonly secretRef: string | null;
  readonly onClientAbort: OnClientAbort;
  readonly settings: ProviderSettings;
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
  /** Of its provider and its own, which decide. */
  readonly settings: ProviderSettings;
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
  readonly routing: ModelRouting;
}

/** How requests for a model find a deployment. */
export interface ModelRouting {
  readonly strategy: RoutingStrategy;
  /** Ids of models that are served, in the order in which they are tried once no deployment of the model itself is left. */
  readonly fallbacks: readonly string[];
  readonly retries: RetrySettings;
  readonly health: HealthSettings;
  readonly timeouts: TimeoutSettings;
}

/** One revision of the configuration, compiled. Never changed: a new revision is a new snapshot. */
export interface Snapshot {
  readonly revision: number;
  readonly models: ReadonlyMap<string, ServedModel>;
  /** Models by the other names that they may be asked for by. */
  readonly aliases: ReadonlyMap<string, ServedModel>;
  /** Business units by project. */
  readonly businessUnits: ReadonlyMap<string, string>;
}

/** The model that is asked for by this name, be it its own or an alias. */
export function findModel(
  { models, aliases }: Snapshot,
  name: string,
): ServedModel | undefined {
  return models.get(name) ?? aliases.get(name);
}
