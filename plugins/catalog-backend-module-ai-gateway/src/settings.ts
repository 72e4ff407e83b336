import type { Config } from '@backstage/config';

/** How the gateway's entities stand in the catalog. */
export interface CatalogSettings {
  /** Where consumers reach the gateway, without `/v1`. */
  readonly gatewayUrl: string;
  /** Owner of the gateway's Component and API. */
  readonly owner: string;
  /** System that all entities belong to; `undefined` for none. */
  readonly system: string | undefined;
}

export function readCatalogSettings(config: Config): CatalogSettings {
  return {
    gatewayUrl: (
      config.getOptionalString('aiGateway.gateway.publicUrl') ??
      'http://localhost:4000'
    ).replace(/\/+$/, ''),
    owner: config.getOptionalString('aiGateway.catalog.owner') ?? 'unknown',
    system: config.getOptionalString('aiGateway.catalog.system'),
  };
}
