/**
 * The control plane of self-service language models: a Backstage backend plugin.
 *
 * @packageDocumentation
 */
export { aiGatewayPlugin as default } from './plugin';
export * from './permissions';
