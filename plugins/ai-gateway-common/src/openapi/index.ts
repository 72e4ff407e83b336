/**
 * The OpenAPI 3.1 documents of the control plane and of the gateway, generated from the contract.
 *
 * Apart from the main entry, so that a browser never loads the generator.
 *
 * @packageDocumentation
 */
export * from './controlPlane';
export * from './gateway';
export type { OpenApiDocument } from './OpenApiDocument';
