/**
 * What both sides of the wire agree on: the control plane's API contract, its permissions, exact money and how units read.
 *
 * @packageDocumentation
 */
export * from './catalog';
export * from './client';
export * from './contract';
export * from './events';
export * from './gatewayContract';
export * from './money';
export * from './permissions';
export * from './routing';
export * from './units';
