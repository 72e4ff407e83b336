/**
 * The domain that the control plane and the gateway share on the server: schema, API keys, price arithmetic, secrets, addresses.
 *
 * @packageDocumentation
 */
export * from './apiKeys';
export * from './config';
export * from './database';
export * from './ledger';
export * from './limits';
export * from './network';
export * from './pricing';
export * from './requestLogs';
export * from './secrets';
