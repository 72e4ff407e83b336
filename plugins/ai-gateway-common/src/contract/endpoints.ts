import { apiKeyLimitsEndpoints } from './apiKeyLimits';
import { apiKeyRevocationEndpoints } from './apiKeyRevocation';
import { apiKeyEndpoints } from './apiKeys';
import { budgetEndpoints } from './budgets';
import { deploymentEndpoints } from './deployments';
import { gatewayEndpoints } from './gateways';
import { limitEndpoints } from './limits';
import { meEndpoints } from './me';
import { modelAliasEndpoints } from './modelAliases';
import { modelEndpoints } from './models';
import { policyEndpoints } from './policies';
import { priceEndpoints } from './prices';
import { projectEndpoints } from './projects';
import { providerEndpoints } from './providers';
import { routingEndpoints } from './routing';
import { usageEndpoints } from './usage';

/** Every route of the control plane. @public */
export const endpoints = {
  ...meEndpoints,
  ...modelEndpoints,
  ...modelAliasEndpoints,
  ...deploymentEndpoints,
  ...routingEndpoints,
  ...priceEndpoints,
  ...providerEndpoints,
  ...projectEndpoints,
  ...apiKeyEndpoints,
  ...apiKeyLimitsEndpoints,
  ...apiKeyRevocationEndpoints,
  ...limitEndpoints,
  ...budgetEndpoints,
  ...policyEndpoints,
  ...usageEndpoints,
  ...gatewayEndpoints,
};

/** {@inheritDoc endpoints} @public */
export type Endpoints = typeof endpoints;
