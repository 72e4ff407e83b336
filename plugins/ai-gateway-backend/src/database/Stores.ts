import type { Knex } from 'knex';
import type { ApiKeyStore } from './apiKeys/ApiKeyStore';
import { DatabaseApiKeyStore } from './apiKeys/DatabaseApiKeyStore';
import type { AuditStore } from './audit/AuditStore';
import { DatabaseAuditStore } from './audit/DatabaseAuditStore';
import type { ConfigRevisionStore } from './configRevision/ConfigRevisionStore';
import { DatabaseConfigRevisionStore } from './configRevision/DatabaseConfigRevisionStore';
import { DatabaseDeploymentStore } from './deployments/DatabaseDeploymentStore';
import type { DeploymentStore } from './deployments/DeploymentStore';
import { DatabaseGatewayStore } from './gateways/DatabaseGatewayStore';
import type { GatewayStore } from './gateways/GatewayStore';
import { DatabaseModelStore } from './models/DatabaseModelStore';
import type { ModelStore } from './models/ModelStore';
import { DatabasePriceStore } from './prices/DatabasePriceStore';
import type { PriceStore } from './prices/PriceStore';
import { DatabaseProjectStore } from './projects/DatabaseProjectStore';
import type { ProjectStore } from './projects/ProjectStore';
import { DatabaseProviderStore } from './providers/DatabaseProviderStore';
import type { ProviderStore } from './providers/ProviderStore';
import { DatabaseUsageStore } from './usage/DatabaseUsageStore';
import type { UsageStore } from './usage/UsageStore';

/** One store for each aggregate, all on the same connection or in the same transaction. */
export interface Stores {
  readonly apiKeys: ApiKeyStore;
  readonly audit: AuditStore;
  readonly configRevision: ConfigRevisionStore;
  readonly deployments: DeploymentStore;
  readonly gateways: GatewayStore;
  readonly models: ModelStore;
  readonly prices: PriceStore;
  readonly projects: ProjectStore;
  readonly providers: ProviderStore;
  readonly usage: UsageStore;
}

/** The stores on a connection pool or in a transaction. */
export function createStores(db: Knex): Stores {
  return {
    apiKeys: DatabaseApiKeyStore.create(db),
    audit: DatabaseAuditStore.create(db),
    configRevision: DatabaseConfigRevisionStore.create(db),
    deployments: DatabaseDeploymentStore.create(db),
    gateways: DatabaseGatewayStore.create(db),
    models: DatabaseModelStore.create(db),
    prices: DatabasePriceStore.create(db),
    projects: DatabaseProjectStore.create(db),
    providers: DatabaseProviderStore.create(db),
    usage: DatabaseUsageStore.create(db),
  };
}
