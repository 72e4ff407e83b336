import type { PortalState } from '../src/__testUtils__/portalHandlers';
import {
  adminOf,
  apiKeyOf,
  engineerOf,
  modelOf,
  priceOf,
  projectOf,
} from '../src/__testUtils__/fixtures';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const OPENAI = { name: 'openai', title: 'OpenAI', kind: 'openai' } as const;
const AZURE = {
  name: 'azure-eu',
  title: 'Azure Sweden',
  kind: 'openai-compatible',
} as const;
const GPU = {
  name: 'gpu-cluster',
  title: 'GPU cluster',
  kind: 'vllm',
} as const;

/** A portal that is in use. */
export function busyPortal(role: 'engineer' | 'admin'): PortalState {
  const projects = [
    projectOf('payments', { title: 'Payments' }),
    projectOf('checkout-assistant', { title: 'Checkout assistant' }),
  ];
  const access = { projects: projects.map(({ id, title }) => ({ id, title })) };
  return {
    me: role === 'admin' ? adminOf(access) : engineerOf(access),
    projects,
    models: [
      modelOf('gpt-5.2', {
        title: 'GPT-5.2',
        description:
          'A general model that reasons before it answers. Good at code, tools and long documents.',
        capabilities: [
          'streaming',
          'tools',
          'vision',
          'json',
          'reasoning',
          'caching',
        ],
        contextWindow: 400_000,
        maxOutputTokens: 128_000,
        price: priceOf('1.75', '14', { cachedInput: '0.175' }),
        providers: [OPENAI, AZURE],
      }),
      modelOf('gpt-5-mini', {
        title: 'GPT-5 mini',
        description: 'Fast and cheap for well-defined tasks.',
        capabilities: ['streaming', 'tools', 'vision', 'json', 'caching'],
        contextWindow: 400_000,
        price: priceOf('0.25', '2', { cachedInput: '0.025' }),
      }),
      modelOf('llama-4-maverick', {
        title: 'Llama 4 Maverick',
        description: 'Open weights on our own GPUs: nothing leaves the house.',
        capabilities: ['streaming', 'tools', 'vision'],
        contextWindow: 1_048_576,
        maxOutputTokens: null,
        price: priceOf('0.19', '0.85'),
        providers: [GPU],
        ownerRef: 'group:default/ml-infrastructure',
        lifecycle: 'experimental',
      }),
      modelOf('text-embedding-3-small', {
        title: 'Text Embedding 3 small',
        modality: 'embedding',
        capabilities: [],
        contextWindow: 8_191,
        maxOutputTokens: null,
        price: priceOf('0.02', '0'),
      }),
      modelOf('gpt-4o', {
        title: 'GPT-4o',
        description: 'Leaves service in June; move to GPT-5.2.',
        capabilities: ['streaming', 'tools', 'vision', 'json'],
        price: priceOf('2.5', '10', { cachedInput: '1.25' }),
        lifecycle: 'deprecated',
        status: 'deprecated',
        providers: [AZURE],
      }),
      modelOf('qwen3-coder-30b', {
        title: 'Qwen3 Coder 30B',
        capabilities: ['streaming', 'tools'],
        contextWindow: 262_144,
        price: priceOf('0.000045', '0.00031'),
        providers: [GPU],
        ownerRef: 'group:default/ml-infrastructure',
      }),
    ].map(model => ({ ...model, updatedAt: ago(5 * DAY_MS) })),
    apiKeys: [
      apiKeyOf('payments-prod', {
        owner: { kind: 'app', ref: 'component:default/payments-api' },
        modelScope: ['gpt-5.2', 'gpt-5-mini', 'text-embedding-3-small'],
        lastUsedAt: ago(3 * MINUTE_MS),
      }),
      apiKeyOf('my-laptop', {
        lastFour: 'a81K',
        modelScope: ['gpt-5-mini'],
        lastUsedAt: ago(2 * DAY_MS),
        expiresAt: ago(-3 * DAY_MS),
      }),
      apiKeyOf('checkout-nightly-batch-with-a-rather-long-label', {
        id: 'CheckoutNigh',
        lastFour: '0pLq',
        projectId: 'checkout-assistant',
        owner: { kind: 'project' },
        expiresAt: ago(-60 * DAY_MS),
      }),
      apiKeyOf('hackathon', {
        lastFour: 'zz9W',
        state: 'expired',
        expiresAt: ago(4 * DAY_MS),
        lastUsedAt: ago(6 * DAY_MS),
      }),
      apiKeyOf('leaked-in-a-notebook', {
        id: 'LeakedInANot',
        lastFour: 'mM2x',
        state: 'revoked',
        revokedAt: ago(20 * DAY_MS),
        revokedBy: 'user:default/bo',
        lastUsedAt: ago(20 * DAY_MS),
      }),
    ],
  };
}
