// @ts-check

/**
 * What a fresh machine finds in its portal, in the shapes of the control
 * plane's contract.
 *
 * @typedef {object} DemoModel
 * @property {Record<string, unknown> & { id: string }} model
 * @property {string} upstreamModel
 * @property {Record<string, string>} amounts dollars per million tokens
 *
 * @typedef {object} DemoProvider
 * @property {Record<string, unknown> & { name: string, baseUrl: string }} provider
 * @property {DemoModel[]} models
 *
 * @typedef {object} DemoData
 * @property {DemoProvider[]} providers
 * @property {Array<Record<string, unknown> & { id: string }>} projects
 */

/** The provider that answers on a machine without any provider's account. */
export const simulatorProviderName = 'simulator';

/** The project of the key that `npm start` prints. */
export const demoKeyProjectId = 'platform-sandbox';

/** The model of the command that `npm start` prints. */
export const demoModelId = 'sim-small';

/** @type {DemoModel[]} */
const simulatorModels = [
  {
    model: {
      id: demoModelId,
      title: 'Sim Small',
      description:
        'The quick one of the simulated models: answers follow from the prompt, the same in gives the same out. Good for trying things out, costs nobody anything.',
      capabilities: ['streaming', 'tools', 'json'],
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
    },
    upstreamModel: 'sim-small',
    amounts: { input: '0.15', cachedInput: '0.075', output: '0.6' },
  },
  {
    model: {
      id: 'sim-large',
      title: 'Sim Large',
      description:
        'Simulated, with the pace and the price of a large model: use it to see what a costly model does to a budget.',
      capabilities: ['streaming', 'tools', 'json', 'vision'],
      contextWindow: 200_000,
      maxOutputTokens: 32_768,
    },
    upstreamModel: 'sim-large',
    amounts: { input: '2.5', cachedInput: '1.25', output: '10' },
  },
  {
    model: {
      id: 'sim-reasoning',
      title: 'Sim Reasoning',
      description:
        'Simulated, and thinks before it answers: part of its output is reasoning tokens, which are billed though they are not shown.',
      capabilities: ['streaming', 'tools', 'json', 'reasoning'],
      contextWindow: 200_000,
      maxOutputTokens: 100_000,
    },
    upstreamModel: 'sim-reasoning',
    amounts: { input: '1.1', cachedInput: '0.55', output: '4.4' },
  },
  {
    model: {
      id: 'sim-instant',
      title: 'Sim Instant',
      description:
        'Simulated, and answers without any delay: use it to load-test an application without waiting for a model.',
      capabilities: ['streaming', 'tools', 'json'],
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
    },
    upstreamModel: 'sim-instant',
    amounts: { input: '0.05', output: '0.2' },
  },
];

/**
 * OpenAI's models with the list prices of OpenAI's price page.
 *
 * @type {DemoModel[]}
 */
const openAiModels = [
  {
    model: {
      id: 'gpt-4o',
      title: 'GPT-4o',
      description: "OpenAI's multimodal model.",
      capabilities: ['streaming', 'tools', 'vision', 'json', 'caching'],
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
    },
    upstreamModel: 'gpt-4o',
    amounts: { input: '2.5', cachedInput: '1.25', output: '10' },
  },
  {
    model: {
      id: 'gpt-4o-mini',
      title: 'GPT-4o mini',
      description: "OpenAI's small multimodal model.",
      capabilities: ['streaming', 'tools', 'vision', 'json', 'caching'],
      contextWindow: 128_000,
      maxOutputTokens: 16_384,
    },
    upstreamModel: 'gpt-4o-mini',
    amounts: { input: '0.15', cachedInput: '0.075', output: '0.6' },
  },
  {
    model: {
      id: 'gpt-4.1',
      title: 'GPT-4.1',
      description: "OpenAI's model for long contexts and code.",
      capabilities: ['streaming', 'tools', 'vision', 'json', 'caching'],
      contextWindow: 1_047_576,
      maxOutputTokens: 32_768,
    },
    upstreamModel: 'gpt-4.1',
    amounts: { input: '2', cachedInput: '0.5', output: '8' },
  },
  {
    model: {
      id: 'gpt-4.1-mini',
      title: 'GPT-4.1 mini',
      description: "OpenAI's small model for long contexts and code.",
      capabilities: ['streaming', 'tools', 'vision', 'json', 'caching'],
      contextWindow: 1_047_576,
      maxOutputTokens: 32_768,
    },
    upstreamModel: 'gpt-4.1-mini',
    amounts: { input: '0.4', cachedInput: '0.1', output: '1.6' },
  },
];

const owner = { ownerRef: 'group:default/platform', lifecycle: 'production' };

/** @param {DemoModel[]} models */
const owned = models =>
  models.map(entry => ({
    ...entry,
    model: { modality: 'chat', ...owner, ...entry.model },
  }));

/**
 * @param {object} options
 * @param {string} options.simulatorUrl ending in `/v1`
 * @param {boolean} options.withOpenAi whether this machine has a key of OpenAI
 * @returns {DemoData}
 */
export const demoData = ({ simulatorUrl, withOpenAi }) => ({
  providers: [
    {
      provider: {
        name: simulatorProviderName,
        title: 'Provider simulator',
        kind: 'openai-compatible',
        baseUrl: simulatorUrl,
        secretRef: 'env://SIMULATOR_API_KEY',
      },
      models: owned(simulatorModels),
    },
    ...(withOpenAi
      ? [
          {
            provider: {
              name: 'openai',
              title: 'OpenAI',
              kind: 'openai',
              baseUrl: 'https://api.openai.com/v1',
              secretRef: 'env://OPENAI_API_KEY',
            },
            models: owned(openAiModels),
          },
        ]
      : []),
  ],
  projects: [
    {
      id: 'payments-assistant',
      title: 'Payments assistant',
      description: 'Answers questions of shops about their payouts.',
      ownerRef: 'group:default/payments',
      businessUnit: 'Payments',
    },
    {
      id: 'search-relevance',
      title: 'Search relevance',
      description: 'Rewrites queries and judges results.',
      ownerRef: 'group:default/search',
      businessUnit: 'Discovery',
    },
    {
      id: demoKeyProjectId,
      title: 'Platform sandbox',
      description: "The platform team's own trials.",
      ownerRef: 'group:default/platform',
      businessUnit: 'Platform',
    },
  ],
});
