import type {
  Capability,
  Lifecycle,
  Modality,
  ModelStatus,
  Page,
  ProviderKind,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PriceRates } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Stamp } from '../Stamp';

/** What somebody entered of a model. */
export interface ModelFields {
  readonly title: string;
  readonly description: string;
  readonly modality: Modality;
  readonly capabilities: readonly Capability[];
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly ownerRef: string;
  readonly lifecycle: Lifecycle;
}

/** A model as it is kept. */
export interface ModelRecord extends ModelFields {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** One of the deployments of a model, as far as the model's page needs it. */
export interface ModelTarget {
  readonly modelId: string;
  /** Published, and its provider is enabled: consumers reach it. */
  readonly served: boolean;
  readonly provider: {
    readonly name: string;
    readonly title: string;
    readonly kind: ProviderKind;
  };
  readonly rates: PriceRates | null;
}

/** Which models. */
export interface ModelQuery {
  readonly words: readonly string[];
  readonly modality?: Modality;
  readonly capability?: Capability;
  /** The name of a provider that serves it, or, with `anyTarget`, that could. */
  readonly provider?: string;
  /** Also look at deployments that consumers do not reach. */
  readonly anyTarget: boolean;
  readonly status: ModelStatus | 'published' | 'all';
  readonly limit: number;
  readonly offset: number;
}

/** Models. */
export interface ModelStore {
  list(query: ModelQuery): Promise<Page<ModelRecord>>;
  get(id: string): Promise<ModelRecord | undefined>;
  /** @returns `false` when there is one of this id */
  insert(id: string, fields: ModelFields, stamp: Stamp): Promise<boolean>;
  update(id: string, fields: ModelFields, stamp: Stamp): Promise<void>;
  delete(id: string): Promise<void>;
  hasDeployments(id: string): Promise<boolean>;
  hasSubscriptions(id: string): Promise<boolean>;
  /** Those of some ids that there are. */
  existing(ids: readonly string[]): Promise<Set<string>>;
  /** Those of some ids that consumers reach. */
  served(ids: readonly string[]): Promise<Set<string>>;
  /** Deployments of some models with their price in force at a moment; of each model the one that is tried first comes first. */
  targets(ids: readonly string[], at: Date): Promise<ModelTarget[]>;
}
