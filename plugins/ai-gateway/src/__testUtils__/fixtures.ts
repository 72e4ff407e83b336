import type {
  ApiKey,
  Me,
  Model,
  PriceAmounts,
  Project,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

const CREATED_AT = '2030-01-01T09:00:00.000Z';

/** A price of which only input and output matter. */
export function priceOf(
  input: string,
  output: string,
  some: Partial<PriceAmounts> = {},
): PriceAmounts {
  return {
    input,
    output,
    cachedInput: null,
    cacheWrite: null,
    reasoning: null,
    audio: null,
    image: null,
    perRequest: null,
    ...some,
  };
}

/** A published chat model of which only some facts matter. */
export function modelOf(id: string, some: Partial<Model> = {}): Model {
  return {
    id,
    title: id,
    description: '',
    modality: 'chat',
    capabilities: ['streaming'],
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    ownerRef: 'group:default/platform',
    lifecycle: 'production',
    status: 'available',
    providers: [{ name: 'openai', title: 'OpenAI', kind: 'openai' }],
    price: priceOf('0.15', '0.6'),
    entityRef: `resource:default/${id}`,
    version: 1,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    ...some,
  };
}

/** A project of which only some facts matter. */
export function projectOf(id: string, some: Partial<Project> = {}): Project {
  return {
    id,
    title: id,
    description: '',
    ownerRef: 'group:default/payments',
    businessUnit: 'Commerce',
    costCentre: null,
    type: 'internal',
    version: 1,
    createdAt: CREATED_AT,
    createdBy: 'user:default/amira',
    updatedAt: CREATED_AT,
    ...some,
  };
}

/** An active key of which only some facts matter. */
export function apiKeyOf(label: string, some: Partial<ApiKey> = {}): ApiKey {
  return {
    id: label
      .replace(/[^0-9A-Za-z]/g, '')
      .padEnd(12, '0')
      .slice(0, 12),
    label,
    lastFour: 'Qk7z',
    projectId: 'payments',
    owner: { kind: 'user', ref: 'user:default/bo' },
    modelScope: null,
    state: 'active',
    createdAt: CREATED_AT,
    createdBy: 'user:default/bo',
    expiresAt: null,
    revokedAt: null,
    revokedBy: null,
    lastUsedAt: null,
    canRevoke: true,
    ...some,
  };
}

/** An engineer of one project, who manages nothing. */
export function engineerOf(some: Partial<Me> = {}): Me {
  return {
    userRef: 'user:default/bo',
    ownershipRefs: ['user:default/bo', 'group:default/payments'],
    can: {
      manageModels: false,
      manageProviders: false,
      manageProjects: false,
      manageLimits: false,
      manageBudgets: false,
      managePolicies: false,
      readGateways: false,
    },
    projects: [{ id: 'payments', title: 'Payments' }],
    gatewayUrl: 'http://localhost:4000/v1',
    ...some,
  };
}

/** A platform admin, who may do everything. */
export function adminOf(some: Partial<Me> = {}): Me {
  return engineerOf({
    userRef: 'user:default/amira',
    ownershipRefs: ['user:default/amira', 'group:default/platform'],
    can: {
      manageModels: true,
      manageProviders: true,
      manageProjects: true,
      manageLimits: true,
      manageBudgets: true,
      managePolicies: true,
      readGateways: true,
    },
    ...some,
  });
}
