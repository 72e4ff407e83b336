import type {
  AuthService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type {
  AiGatewayConfig,
  GeneratedApiKey,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { CatalogDirectory } from '../catalog/CatalogDirectory';
import type { Stores } from '../database/Stores';
import type { Writes } from '../database/Writes';
import type { Authorizer } from '../permissions/Authorizer';
import { ConnectionTester } from '../providers/ConnectionTester';
import { ApiKeyLimitsService } from './ApiKeyLimitsService';
import { ApiKeyRevocationService } from './ApiKeyRevocationService';
import { ApiKeyService } from './ApiKeyService';
import { BudgetService } from './BudgetService';
import { DeploymentService } from './DeploymentService';
import { GatewayService } from './GatewayService';
import { LimitService } from './LimitService';
import { MeService } from './MeService';
import { ModelAliasService } from './ModelAliasService';
import { ModelService } from './ModelService';
import { PolicyService } from './PolicyService';
import { PriceService } from './PriceService';
import { ProjectService } from './ProjectService';
import { ProviderService } from './ProviderService';
import { RoutingService } from './RoutingService';
import type { Services } from './Services';
import { UsageService } from './UsageService';

/** Builds every service once. */
export function createServices({
  settings,
  ...options
}: {
  stores: Stores;
  writes: Writes;
  authorizer: Authorizer;
  auth: AuthService;
  userInfo: UserInfoService;
  directory: CatalogDirectory;
  settings: AiGatewayConfig;
  clock: () => number;
  newId: () => string;
  generateKey: () => GeneratedApiKey;
}): Services {
  const limits = LimitService.create(options);
  const budgets = BudgetService.create(options);
  return {
    apiKeyLimits: ApiKeyLimitsService.create({ ...options, limits, budgets }),
    apiKeys: ApiKeyService.create({
      ...options,
      digester: settings.keyDigester,
    }),
    budgets,
    deployments: DeploymentService.create(options),
    gateways: GatewayService.create(options),
    limits,
    me: MeService.create({ ...options, gatewayUrl: settings.gatewayUrl }),
    modelAliases: ModelAliasService.create(options),
    models: ModelService.create(options),
    policies: PolicyService.create(options),
    prices: PriceService.create(options),
    projects: ProjectService.create(options),
    providers: ProviderService.create({
      ...options,
      ...settings,
      connections: ConnectionTester.create(settings),
    }),
    revocations: ApiKeyRevocationService.create(options),
    routing: RoutingService.create(options),
    usage: UsageService.create(options),
  };
}
