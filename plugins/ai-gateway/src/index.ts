/**
 * Self-service language models in the portal: the plugin for the legacy frontend system, and what other plugins may build on. The new
 * frontend system takes `@ai-gateway/backstage-plugin-ai-gateway/alpha`.
 *
 * @packageDocumentation
 */
export { aiGatewayApiRef, type AiGatewayApi, AiGatewayClient } from './api';
export { isAiModel } from './components/entity/isAiModel';
export {
  AiGatewayPage,
  aiGatewayPlugin,
  EntityAiModelCard,
  EntityAiModelContent,
  HomePageAiGatewayUsage,
} from './plugin';
export {
  adminRouteRef,
  apiKeysRouteRef,
  modelRouteRef,
  modelsRouteRef,
  rootRouteRef,
  usageRouteRef,
} from './routes';
