import { compileSnapshot } from './compileSnapshot';
import type { ConfigurationRows } from './ConfigurationRows';
import { findModel } from './Snapshot';

const price = {
  id: 'price',
  deploymentId: 'd1',
  effectiveFrom: 0,
  input: '1',
  output: '2',
  cachedInput: null,
  cacheWrite: null,
  reasoning: '12345678901234567890',
  audio: null,
  image: null,
  perRequest: null,
};
const rows: ConfigurationRows = {
  revision: 7,
  providers: [
    {
      id: 'p1',
      name: 'sim',
      kind: 'vllm',
      baseUrl: 'http://sim:8000/v1',
      secretRef: null,
      settings: {},
    },
  ],
  models: [
    { id: 'm1', ownerRef: 'group:default/a', createdAt: 1 },
    { id: 'without-deployment', ownerRef: 'group:default/a', createdAt: 1 },
  ],
  deployments: [
    {
      id: 'd1',
      modelId: 'm1',
      providerId: 'p1',
      upstreamModel: 'u',
      weight: 1,
      priority: 5,
    },
    {
      id: 'd2',
      modelId: 'm1',
      providerId: 'p1',
      upstreamModel: 'u',
      weight: 1,
      priority: 0,
    },
  ],
  prices: [{ ...price, effectiveFrom: 9 }, price],
  projects: [{ id: 'search', businessUnit: 'retail' }],
  aliases: [],
  routes: [],
};
const route: ConfigurationRows['routes'][number] = {
  modelId: 'm1',
  strategy: 'priority',
  fallbackModels: [],
  retries: {},
  health: {},
  timeouts: {},
};

describe('compileSnapshot', () => {
  it('serves a model that has a deployment, the first to be tried first, prices by their start, exactly', () => {
    const compiled = compileSnapshot(rows);
    if (!compiled.ok) throw new Error(compiled.reason);
    const { models, businessUnits, revision } = compiled.snapshot;
    expect(revision).toBe(7);
    expect([...models.keys()]).toEqual(['m1']);
    const [first, second] = models.get('m1')!.deployments;
    expect([first.id, second.id]).toEqual(['d2', 'd1']);
    expect(first.provider.origin).toBe('http://sim:8000');
    expect(first.prices).toEqual([]);
    expect(second.prices.map(p => p.effectiveFrom)).toEqual([0, 9]);
    expect(second.prices[0].rates.reasoning).toBe(12345678901234567890n);
    expect(businessUnits.get('search')).toBe('retail');
  });

  it('finds models by their aliases, and routes each as it is configured or by default', () => {
    const [deployment] = rows.deployments;
    const compiled = compileSnapshot({
      ...rows,
      models: [...rows.models, { ...rows.models[0], id: 'm2' }],
      deployments: [
        ...rows.deployments,
        { ...deployment, id: 'd3', modelId: 'm2' },
      ],
      aliases: [
        { alias: 'best', target: 'default' },
        { alias: 'default', target: 'm2' },
      ],
      routes: [
        {
          ...route,
          strategy: 'least-latency',
          fallbackModels: ['best', 'm2'],
          retries: { attempts: 5 },
        },
      ],
    });
    if (!compiled.ok) throw new Error(compiled.reason);
    const { snapshot } = compiled;
    expect(findModel(snapshot, 'best')?.id).toBe('m2');
    expect(findModel(snapshot, 'm1')?.routing).toMatchObject({
      strategy: 'least-latency',
      fallbacks: ['m2'],
      retries: { attempts: 5, perDeployment: 2 },
      health: { failures: 5 },
    });
    expect(findModel(snapshot, 'm2')?.routing).toMatchObject({
      strategy: 'priority',
      fallbacks: [],
      retries: { attempts: 3 },
    });
    expect(findModel(snapshot, 'none')).toBeUndefined();
  });

  it.each([
    ['vllm', {}, 'abort'],
    ['openai', {}, 'drain'],
    ['openai', { onClientAbort: 'abort' }, 'abort'],
    ['vllm', { onClientAbort: 'drain' }, 'drain'],
  ])(
    'has an upstream of kind %s with settings %j finish or stop when its client hangs up: %s',
    (kind, settings, expected) => {
      const compiled = compileSnapshot({
        ...rows,
        providers: [{ ...rows.providers[0], kind, settings }],
      });
      if (!compiled.ok) throw new Error(compiled.reason);
      const [{ provider }] = compiled.snapshot.models.get('m1')!.deployments;
      expect(provider.onClientAbort).toBe(expected);
    },
  );

  it.each([
    [
      'a kind that is not known',
      { providers: [{ ...rows.providers[0], kind: 'x' }] },
      "'x'",
    ],
    [
      'a URL that is none',
      { providers: [{ ...rows.providers[0], baseUrl: 'x' }] },
      "'sim'",
    ],
    [
      'what is to become of an answer without a client, and is neither',
      { providers: [{ ...rows.providers[0], settings: { onClientAbort: 1 } }] },
      'onClientAbort',
    ],
    ['a provider that is not there', { providers: [] }, "'m1'"],
    [
      'an alias that shadows a model, published or not',
      { aliases: [{ alias: 'without-deployment', target: 'm1' }] },
      "'without-deployment'",
    ],
    [
      'aliases that lead in a circle',
      {
        aliases: [
          { alias: 'a', target: 'b' },
          { alias: 'b', target: 'a' },
        ],
      },
      'a → b → a',
    ],
    [
      'a route to where nothing is published',
      { routes: [{ ...route, fallbackModels: ['without-deployment'] }] },
      'nothing is published',
    ],
    [
      'a strategy that is not known',
      { routes: [{ ...route, strategy: 'x' }] },
      "'x'",
    ],
    [
      'settings that cannot be',
      { routes: [{ ...route, retries: { attempts: 0 } }] },
      'retries.attempts',
    ],
  ])('is refused whole for %s, and says where', (_, more, where) => {
    expect(compileSnapshot({ ...rows, ...more })).toEqual({
      ok: false,
      reason: expect.stringContaining(where),
    });
  });
});
