import type {
  Page,
  ProviderKind,
  ProviderSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Stamp } from '../Stamp';

/** What may change of a deployment. */
export interface DeploymentFields {
  readonly upstreamModel: string;
  readonly weight: number;
  readonly priority: number;
  readonly settings: ProviderSettings;
}

/** A deployment as it is kept, with its provider. */
export interface DeploymentRecord extends DeploymentFields {
  readonly id: string;
  readonly modelId: string;
  readonly provider: {
    readonly id: string;
    readonly name: string;
    readonly title: string;
    readonly kind: ProviderKind;
    readonly enabled: boolean;
  };
  readonly published: boolean;
  readonly publicationChangedAt: Date | null;
  readonly publicationChangedBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** Which deployments. */
export interface DeploymentQuery {
  readonly modelId?: string;
  readonly providerId?: string;
  readonly limit: number;
  readonly offset: number;
}

/** Deployments. */
export interface DeploymentStore {
  list(query: DeploymentQuery): Promise<Page<DeploymentRecord>>;
  get(id: string): Promise<DeploymentRecord | undefined>;
  /** @returns `false` when the model has one of the same provider and upstream model */
  insert(
    key: { id: string; modelId: string; providerId: string },
    fields: DeploymentFields,
    stamp: Stamp,
  ): Promise<boolean>;
  /** @returns `false` when the model has another one of the same provider and upstream model */
  update(id: string, fields: DeploymentFields, stamp: Stamp): Promise<boolean>;
  setPublished(id: string, published: boolean, stamp: Stamp): Promise<void>;
  delete(id: string): Promise<void>;
  /** Whether the ledger has anything of it. */
  wasUsed(id: string): Promise<boolean>;
}
