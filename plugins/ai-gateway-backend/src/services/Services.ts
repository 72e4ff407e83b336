import type { ApiKeyLimitsService } from './ApiKeyLimitsService';
import type { ApiKeyRevocationService } from './ApiKeyRevocationService';
import type { ApiKeyService } from './ApiKeyService';
import type { BudgetService } from './BudgetService';
import type { DeploymentService } from './DeploymentService';
import type { GatewayService } from './GatewayService';
import type { LimitService } from './LimitService';
import type { MeService } from './MeService';
import type { ModelAliasService } from './ModelAliasService';
import type { ModelService } from './ModelService';
import type { PolicyService } from './PolicyService';
import type { PriceService } from './PriceService';
import type { ProjectService } from './ProjectService';
import type { ProviderService } from './ProviderService';
import type { RoutingService } from './RoutingService';
import type { UsageService } from './UsageService';

/** The services that routes call. */
export interface Services {
  readonly apiKeyLimits: ApiKeyLimitsService;
  readonly apiKeys: ApiKeyService;
  readonly budgets: BudgetService;
  readonly deployments: DeploymentService;
  readonly gateways: GatewayService;
  readonly limits: LimitService;
  readonly me: MeService;
  readonly modelAliases: ModelAliasService;
  readonly models: ModelService;
  readonly policies: PolicyService;
  readonly prices: PriceService;
  readonly projects: ProjectService;
  readonly providers: ProviderService;
  readonly revocations: ApiKeyRevocationService;
  readonly routing: RoutingService;
  readonly usage: UsageService;
}
