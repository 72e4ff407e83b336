/**
 * Published models as entities of the software catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleAiGateway as default } from './module';
export { AiGatewayEntityProvider } from './AiGatewayEntityProvider';
