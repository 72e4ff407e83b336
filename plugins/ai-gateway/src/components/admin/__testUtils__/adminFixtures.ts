import type {
  Deployment,
  Gateway,
  Price,
  Provider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { priceOf } from '../../../__testUtils__/fixtures';

const CREATED_AT = '2030-01-01T09:00:00.000Z';

/** A UUID that says which. */
export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** An enabled provider of which only some facts matter. */
export function providerOf(
  name: string,
  some: Partial<Provider> = {},
): Provider {
  return {
    id: uuidOf(1),
    name,
    title: name,
    kind: 'openai',
    baseUrl: `https://${name}.example.com/v1`,
    secretRef: null,
    settings: {},
    enabled: true,
    deploymentCount: 0,
    version: 1,
    createdAt: CREATED_AT,
    createdBy: 'user:default/amira',
    updatedAt: CREATED_AT,
    ...some,
  };
}

/** An unpublished deployment without a price, of which only some facts matter. */
export function deploymentOf(
  modelId: string,
  some: Partial<Deployment> = {},
): Deployment {
  return {
    id: uuidOf(101),
    modelId,
    provider: {
      id: uuidOf(1),
      name: 'openai',
      title: 'OpenAI',
      kind: 'openai',
      enabled: true,
    },
    upstreamModel: `${modelId}-upstream`,
    weight: 1,
    priority: 0,
    settings: {},
    published: false,
    publication: null,
    currentPrice: null,
    version: 1,
    createdAt: CREATED_AT,
    createdBy: 'user:default/amira',
    updatedAt: CREATED_AT,
    ...some,
  };
}

/** A price in force of which only some facts matter. */
export function pricePeriodOf(some: Partial<Price> = {}): Price {
  return {
    id: uuidOf(201),
    deploymentId: uuidOf(101),
    effectiveFrom: CREATED_AT,
    effectiveUntil: null,
    state: 'current',
    amounts: priceOf('2.5', '10'),
    note: null,
    createdAt: CREATED_AT,
    createdBy: 'user:default/amira',
    ...some,
  };
}

/** A gateway that is ready, of which only some facts matter. */
export function gatewayOf(
  hostname: string,
  some: Partial<Gateway> = {},
): Gateway {
  return {
    id: uuidOf(301),
    hostname,
    version: '0.1.0',
    startedAt: CREATED_AT,
    lastSeenAt: CREATED_AT,
    state: 'ready',
    appliedRevision: 7,
    appliedAt: CREATED_AT,
    keysRevision: null,
    keysAppliedAt: null,
    configurationError: null,
    ...some,
  };
}
