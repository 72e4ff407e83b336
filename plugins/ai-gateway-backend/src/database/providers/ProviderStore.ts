import type {
  Page,
  ProviderKind,
  ProviderSettings,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Stamp } from '../Stamp';

/** What may change of a provider. */
export interface ProviderFields {
  readonly title: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  readonly secretRef: string | null;
  readonly settings: ProviderSettings;
  readonly enabled: boolean;
}

/** A provider as it is kept. */
export interface ProviderRecord extends ProviderFields {
  readonly id: string;
  readonly name: string;
  readonly deploymentCount: number;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** Providers. */
export interface ProviderStore {
  list(page: { limit: number; offset: number }): Promise<Page<ProviderRecord>>;
  get(id: string): Promise<ProviderRecord | undefined>;
  /** @returns `false` when there is one of this name */
  insert(
    key: { id: string; name: string },
    fields: ProviderFields,
    stamp: Stamp,
  ): Promise<boolean>;
  update(id: string, fields: ProviderFields, stamp: Stamp): Promise<void>;
  delete(id: string): Promise<void>;
  /** Models that have a published deployment at the provider. */
  publishedModelIds(id: string): Promise<string[]>;
}
