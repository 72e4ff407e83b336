import type { Knex } from 'knex';
import type { ApiKeyStore } from './apiKeys/ApiKeyStore';
import { DatabaseApiKeyStore } from './apiKeys/DatabaseApiKeyStore';
import type { AuditStore } from './audit/AuditStore';
import { DatabaseAuditStore } from './audit/DatabaseAuditStore';
import type { BudgetNoticeStore } from './budgets/BudgetNoticeStore';
import type { BudgetStore } from './budgets/BudgetStore';
import { DatabaseBudgetNoticeStore } from './budgets/DatabaseBudgetNoticeStore';
import { DatabaseBudgetStore } from './budgets/DatabaseBudgetStore';
import type { ConfigRevisionStore } from './configRevision/ConfigRevisionStore';
import { DatabaseConfigRevisionStore } from './configRevision/DatabaseConfigRevisionStore';
import { DatabaseDeploymentStateStore } from './deploymentStates/DatabaseDeploymentStateStore';
import type { DeploymentStateStore } from './deploymentStates/DeploymentStateStore';
import { DatabaseDeploymentStore } from './deployments/DatabaseDeploymentStore';
import type { DeploymentStore } from './deployments/DeploymentStore';
import { DatabaseGatewayStore } from './gateways/DatabaseGatewayStore';
import type { GatewayStore } from './gateways/GatewayStore';
import { DatabaseLimitStore } from './limits/DatabaseLimitStore';
import type { LimitStore } from './limits/LimitStore';
import { DatabaseModelAliasStore } from './modelAliases/DatabaseModelAliasStore';
import type { ModelAliasStore } from './modelAliases/ModelAliasStore';
import { DatabaseModelStore } from './models/DatabaseModelStore';
import type { ModelStore } from './models/ModelStore';
import { DatabasePolicyStore } from './policies/DatabasePolicyStore';
import type { PolicyStore } from './policies/PolicyStore';
import { DatabasePriceStore } from './prices/DatabasePriceStore';
import type { PriceStore } from './prices/PriceStore';
import { DatabaseProjectStore } from './projects/DatabaseProjectStore';
import type { ProjectStore } from './projects/ProjectStore';
import { DatabaseProviderStore } from './providers/DatabaseProviderStore';
import type { ProviderStore } from './providers/ProviderStore';
import { DatabaseRoutingStore } from './routing/DatabaseRoutingStore';
import type { RoutingStore } from './routing/RoutingStore';
import { DatabaseSpendingStore } from './spending/DatabaseSpendingStore';
import type { SpendingStore } from './spending/SpendingStore';
import { DatabaseSubjectStore } from './subjects/DatabaseSubjectStore';
import type { SubjectStore } from './subjects/SubjectStore';
import { DatabaseUsageStore } from './usage/DatabaseUsageStore';
import type { UsageStore } from './usage/UsageStore';

/** One store for each aggregate, all on the same connection or in the same transaction. */
export interface Stores {
  readonly apiKeys: ApiKeyStore;
  readonly audit: AuditStore;
  readonly budgetNotices: BudgetNoticeStore;
  readonly budgets: BudgetStore;
  readonly configRevision: ConfigRevisionStore;
  readonly deploymentStates: DeploymentStateStore;
  readonly deployments: DeploymentStore;
  readonly gateways: GatewayStore;
  readonly limits: LimitStore;
  readonly modelAliases: ModelAliasStore;
  readonly models: ModelStore;
  readonly policies: PolicyStore;
  readonly prices: PriceStore;
  readonly projects: ProjectStore;
  readonly providers: ProviderStore;
  readonly routing: RoutingStore;
  readonly spending: SpendingStore;
  readonly subjects: SubjectStore;
  readonly usage: UsageStore;
}

/** The stores on a connection pool or in a transaction. */
export function createStores(db: Knex): Stores {
  return {
    apiKeys: DatabaseApiKeyStore.create(db),
    audit: DatabaseAuditStore.create(db),
    budgetNotices: DatabaseBudgetNoticeStore.create(db),
    budgets: DatabaseBudgetStore.create(db),
    configRevision: DatabaseConfigRevisionStore.create(db),
    deploymentStates: DatabaseDeploymentStateStore.create(db),
    deployments: DatabaseDeploymentStore.create(db),
    gateways: DatabaseGatewayStore.create(db),
    limits: DatabaseLimitStore.create(db),
    modelAliases: DatabaseModelAliasStore.create(db),
    models: DatabaseModelStore.create(db),
    policies: DatabasePolicyStore.create(db),
    prices: DatabasePriceStore.create(db),
    projects: DatabaseProjectStore.create(db),
    providers: DatabaseProviderStore.create(db),
    routing: DatabaseRoutingStore.create(db),
    spending: DatabaseSpendingStore.create(db),
    subjects: DatabaseSubjectStore.create(db),
    usage: DatabaseUsageStore.create(db),
  };
}
