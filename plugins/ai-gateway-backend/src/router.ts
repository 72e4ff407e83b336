import type {
  AuditorService,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import express from 'express';
import Router from 'express-promise-router';
import { EndpointRouter } from './http/EndpointRouter';
import { readableBodyErrors } from './http/readableBodyErrors';
import type { Authorizer } from './permissions/Authorizer';
import { mountApiKeyLimits } from './routes/apiKeyLimits';
import { mountApiKeyRevocation } from './routes/apiKeyRevocation';
import { mountApiKeys } from './routes/apiKeys';
import { mountBudgets } from './routes/budgets';
import { mountDeployments } from './routes/deployments';
import { mountGateways } from './routes/gateways';
import { mountLimits } from './routes/limits';
import { mountMe } from './routes/me';
import { mountModelAliases } from './routes/modelAliases';
import { mountModels } from './routes/models';
import { mountOpenApi } from './routes/openApi';
import { mountPolicies } from './routes/policies';
import { mountPrices } from './routes/prices';
import { mountProjects } from './routes/projects';
import { mountProviders } from './routes/providers';
import { mountRouting } from './routes/routing';
import { mountUsage } from './routes/usage';
import type { Services } from './services/Services';

/** The largest body that any endpoint needs is a policy's lists of 1,000 models, half of this. */
const MAX_BODY = '128kb';

/** All routes of the plugin. */
export function createRouter(
  options: {
    httpAuth: HttpAuthService;
    auditor: AuditorService;
    authorizer: Authorizer;
    clock: () => number;
  } & Services,
): express.Router {
  const router = Router();
  router.use(express.json({ limit: MAX_BODY }), readableBodyErrors);
  mountOpenApi(router);
  const endpoints = EndpointRouter.create({ ...options, router });
  mountMe(endpoints, options);
  mountModels(endpoints, options);
  mountModelAliases(endpoints, options);
  mountDeployments(endpoints, options);
  mountRouting(endpoints, options);
  mountPrices(endpoints, options);
  mountProviders(endpoints, options);
  mountProjects(endpoints, options);
  mountApiKeys(endpoints, options);
  mountApiKeyLimits(endpoints, options);
  mountApiKeyRevocation(endpoints, options);
  mountLimits(endpoints, options);
  mountBudgets(endpoints, options);
  mountPolicies(endpoints, options);
  mountUsage(endpoints, options);
  mountGateways(endpoints, options);
  router.use(async req => {
    throw new NotFoundError(`There is no ${req.method} ${req.path} here`);
  });
  return router;
}
