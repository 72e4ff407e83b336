import {
  endpoints,
  type Endpoint,
  type Endpoints,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { startOpenAiServer } from '../__testUtils__/openAiServer';
import {
  seedDeployment,
  seedModel,
  seedProject,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

/** A request made afresh for each role, so that no role finds what another one left. */
interface Prepared {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: object;
}

/** What the roles get; a project and a key of the payments team are what it is about, Alice is of that team, Bob is not. */
interface Row {
  readonly prepare: (unique: string) => Prepared | Promise<Prepared>;
  readonly alice: number;
  readonly bob: number;
  readonly admin: number;
  readonly service: number;
}

const UNKNOWN_UUID = '01890000-0000-7000-8000-000000000000';
const UNKNOWN_KEY = 'zzzzzzzzzzzz';
const WITHOUT_TITLE: ReadonlySet<string> = new Set([
  'updateDeployment',
  'updateLimit',
  'updateBudget',
  'updatePolicy',
  'updateModelRouting',
]);

let plane: TestControlPlane;
let upstream: Awaited<ReturnType<typeof startOpenAiServer>>;
let providerId: string;

beforeAll(async () => {
  plane = await TestControlPlane.start();
  upstream = await startOpenAiServer();
  providerId = (await seedProvider(plane, 'acme')).id;
  await seedPublishedModel(plane, 'published', providerId);
  await seedModel(plane, 'unpublished');
  await seedProject(plane, 'checkout', 'payments');
});
afterAll(() => upstream.close());

const newProvider = async (unique: string) => ({
  providerId: (await seedProvider(plane, `p-${unique}`)).id,
});
const newDeployment = async (unique: string) => ({
  deploymentId: (
    await seedDeployment(plane, {
      modelId: 'unpublished',
      providerId,
      upstreamModel: unique,
    })
  ).id,
});
const newKey = async (unique: string) => ({
  apiKeyId: (
    await plane.ok('carol', endpoints.createApiKey, {
      body: {
        label: unique,
        projectId: 'checkout',
        owner: { kind: 'project' },
      },
    })
  ).apiKey.id,
});
const revokedKey = async (unique: string) => {
  const params = await newKey(unique);
  await plane.ok('admin', endpoints.revokeApiKey, { params });
  return params;
};
const newAlias = async (unique: string) => ({
  alias: (
    await plane.ok('admin', endpoints.createModelAlias, {
      body: { alias: `alias/${unique}`, target: 'published' },
    })
  ).alias,
});
const newLimit = async () => ({
  limitId: (
    await plane.ok('admin', endpoints.createLimit, {
      body: {
        subject: { kind: 'key', id: (await newKey('limited')).apiKeyId },
        measure: 'tokens',
        window: 'minute',
        amount: { kind: 'absolute', value: 1000 },
      },
    })
  ).id,
});
const newBudget = async () => ({
  budgetId: (
    await plane.ok('admin', endpoints.createBudget, {
      body: {
        subject: { kind: 'key', id: (await newKey('budgeted')).apiKeyId },
        window: 'month',
        amount: { kind: 'absolute', usd: '10' },
      },
    })
  ).id,
});
const newPolicy = async () => ({
  policyId: (
    await plane.ok('admin', endpoints.createPolicy, {
      body: {
        subject: { kind: 'key', id: (await newKey('governed')).apiKeyId },
        maxOutputTokens: 100,
      },
    })
  ).id,
});
const amounts = { input: '1', output: '2' };
const forEverybody = { alice: 200, bob: 200, admin: 200, service: 200 };
const forAdmins = (status: number) => ({
  alice: 403,
  bob: 403,
  admin: status,
  service: status,
});
const forTheTeam = (status: number) => ({
  alice: status,
  bob: 404,
  admin: status,
  service: status,
});

const rows: Record<keyof Endpoints, Row> = {
  getMe: { prepare: () => ({}), ...forEverybody },
  listModels: { prepare: () => ({}), ...forEverybody },
  getModel: {
    prepare: () => ({ params: { modelId: 'published' } }),
    ...forEverybody,
  },
  createModel: {
    prepare: unique => ({
      body: {
        id: `m-${unique}`,
        title: 'New',
        ownerRef: 'group:default/platform',
      },
    }),
    ...forAdmins(201),
  },
  updateModel: {
    prepare: async unique => ({
      params: { modelId: (await seedModel(plane, `m-${unique}`)).id },
      body: { version: 1, title: 'Other' },
    }),
    ...forAdmins(200),
  },
  deleteModel: {
    prepare: async unique => ({
      params: { modelId: (await seedModel(plane, `m-${unique}`)).id },
    }),
    ...forAdmins(204),
  },
  listDeployments: { prepare: () => ({}), ...forAdmins(200) },
  createDeployment: {
    prepare: unique => ({
      body: { modelId: 'unpublished', providerId, upstreamModel: unique },
    }),
    ...forAdmins(201),
  },
  getDeployment: {
    prepare: async unique => ({ params: await newDeployment(unique) }),
    ...forAdmins(200),
  },
  updateDeployment: {
    prepare: async unique => ({
      params: await newDeployment(unique),
      body: { version: 1, weight: 7 },
    }),
    ...forAdmins(200),
  },
  deleteDeployment: {
    prepare: async unique => ({ params: await newDeployment(unique) }),
    ...forAdmins(204),
  },
  publishDeployment: {
    prepare: async unique => {
      const modelId = `m-${unique}`;
      await seedModel(plane, modelId);
      const { id } = await seedDeployment(plane, { modelId, providerId });
      return { params: { deploymentId: id } };
    },
    ...forAdmins(200),
  },
  unpublishDeployment: {
    prepare: async unique => ({ params: await newDeployment(unique) }),
    ...forAdmins(200),
  },
  listPrices: {
    prepare: async unique => ({ params: await newDeployment(unique) }),
    ...forAdmins(200),
  },
  createPrice: {
    prepare: async unique => ({
      params: await newDeployment(unique),
      body: { amounts },
    }),
    ...forAdmins(201),
  },
  listProviders: { prepare: () => ({}), ...forAdmins(200) },
  createProvider: {
    prepare: unique => ({
      body: {
        name: `p-${unique}`,
        title: 'New',
        kind: 'openai',
        baseUrl: upstream.url,
      },
    }),
    ...forAdmins(201),
  },
  testProviderDraft: {
    prepare: () => ({ body: { kind: 'openai', baseUrl: upstream.url } }),
    ...forAdmins(200),
  },
  getProvider: {
    prepare: async unique => ({ params: await newProvider(unique) }),
    ...forAdmins(200),
  },
  updateProvider: {
    prepare: async unique => ({
      params: await newProvider(unique),
      body: { version: 1, title: 'Other' },
    }),
    ...forAdmins(200),
  },
  deleteProvider: {
    prepare: async unique => ({ params: await newProvider(unique) }),
    ...forAdmins(204),
  },
  testProvider: {
    prepare: async unique => ({
      params: {
        providerId: (
          await plane.ok('admin', endpoints.createProvider, {
            body: {
              name: `p-${unique}`,
              title: 'New',
              kind: 'openai',
              baseUrl: upstream.url,
            },
          })
        ).id,
      },
    }),
    ...forAdmins(200),
  },
  listProjects: { prepare: () => ({}), ...forEverybody },
  createProject: {
    prepare: unique => ({
      body: {
        id: `pj-${unique}`,
        title: 'New',
        ownerRef: 'group:default/payments',
        businessUnit: 'Payments',
      },
    }),
    ...forAdmins(201),
  },
  getProject: {
    prepare: () => ({ params: { projectId: 'checkout' } }),
    ...forTheTeam(200),
  },
  updateProject: {
    prepare: async unique => ({
      params: {
        projectId: (await seedProject(plane, `pj-${unique}`, 'payments')).id,
      },
      body: { version: 1, title: 'Other' },
    }),
    ...forAdmins(200),
  },
  listApiKeys: { prepare: () => ({}), ...forEverybody },
  createApiKey: {
    prepare: unique => ({
      body: {
        label: unique,
        projectId: 'checkout',
        owner: { kind: 'project' },
      },
    }),
    ...forTheTeam(201),
  },
  getApiKey: {
    prepare: async unique => ({ params: await newKey(unique) }),
    ...forTheTeam(200),
  },
  revokeApiKey: {
    prepare: async unique => ({ params: await newKey(unique) }),
    ...forTheTeam(200),
  },
  listLimits: { prepare: () => ({}), ...forEverybody },
  createLimit: {
    prepare: async () => ({
      body: {
        subject: { kind: 'key', id: (await newKey('limited')).apiKeyId },
        measure: 'requests',
        window: 'minute',
        amount: { kind: 'absolute', value: 10 },
      },
    }),
    ...forAdmins(201),
  },
  getLimit: {
    prepare: async () => ({ params: await newLimit() }),
    ...forTheTeam(200),
  },
  updateLimit: {
    prepare: async () => ({
      params: await newLimit(),
      body: { version: 1, note: 'Other' },
    }),
    ...forAdmins(200),
  },
  deleteLimit: {
    prepare: async () => ({ params: await newLimit() }),
    ...forAdmins(204),
  },
  getLimitHistory: {
    prepare: async () => ({ params: await newLimit() }),
    ...forTheTeam(200),
  },
  listBudgets: { prepare: () => ({}), ...forEverybody },
  createBudget: {
    prepare: async () => ({
      body: {
        subject: { kind: 'key', id: (await newKey('budgeted')).apiKeyId },
        window: 'day',
        amount: { kind: 'absolute', usd: '5' },
      },
    }),
    ...forAdmins(201),
  },
  getBudget: {
    prepare: async () => ({ params: await newBudget() }),
    ...forTheTeam(200),
  },
  updateBudget: {
    prepare: async () => ({
      params: await newBudget(),
      body: { version: 1, note: 'Other' },
    }),
    ...forAdmins(200),
  },
  deleteBudget: {
    prepare: async () => ({ params: await newBudget() }),
    ...forAdmins(204),
  },
  getBudgetHistory: {
    prepare: async () => ({ params: await newBudget() }),
    ...forTheTeam(200),
  },
  listBudgetNotices: {
    prepare: async () => ({ params: await newBudget() }),
    ...forTheTeam(200),
  },
  listPolicies: { prepare: () => ({}), ...forEverybody },
  createPolicy: {
    prepare: async () => ({
      body: {
        subject: { kind: 'key', id: (await newKey('governed')).apiKeyId },
        maxOutputTokens: 50,
      },
    }),
    ...forAdmins(201),
  },
  getPolicy: {
    prepare: async () => ({ params: await newPolicy() }),
    ...forTheTeam(200),
  },
  updatePolicy: {
    prepare: async () => ({
      params: await newPolicy(),
      body: { version: 1, note: 'Other' },
    }),
    ...forAdmins(200),
  },
  deletePolicy: {
    prepare: async () => ({ params: await newPolicy() }),
    ...forAdmins(204),
  },
  getPolicyHistory: {
    prepare: async () => ({ params: await newPolicy() }),
    ...forTheTeam(200),
  },
  getApiKeyLimits: {
    prepare: async unique => ({ params: await newKey(unique) }),
    ...forTheTeam(200),
  },
  getApiKeyRevocation: {
    prepare: async unique => ({ params: await revokedKey(unique) }),
    ...forTheTeam(200),
  },
  listModelAliases: { prepare: () => ({}), ...forEverybody },
  createModelAlias: {
    prepare: unique => ({
      body: { alias: `alias/${unique}`, target: 'published' },
    }),
    ...forAdmins(201),
  },
  updateModelAlias: {
    prepare: async unique => ({
      params: await newAlias(unique),
      body: { version: 1, target: 'published' },
    }),
    ...forAdmins(200),
  },
  deleteModelAlias: {
    prepare: async unique => ({ params: await newAlias(unique) }),
    ...forAdmins(204),
  },
  getModelRouting: {
    prepare: () => ({ params: { modelId: 'published' } }),
    ...forAdmins(200),
  },
  updateModelRouting: {
    prepare: async unique => ({
      params: { modelId: (await seedModel(plane, `m-${unique}`)).id },
      body: { version: 0, strategy: 'weighted' },
    }),
    ...forAdmins(200),
  },
  getModelRoutingHistory: {
    prepare: () => ({ params: { modelId: 'published' } }),
    ...forAdmins(200),
  },
  listDeploymentStates: {
    prepare: async unique => ({ params: await newDeployment(unique) }),
    ...forAdmins(200),
  },
  getUsage: {
    prepare: () => ({
      query: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    }),
    ...forEverybody,
  },
  listGateways: { prepare: () => ({}), ...forAdmins(200) },
};

const cases = (Object.keys(endpoints) as Array<keyof Endpoints>).flatMap(name =>
  (['anonymous', 'alice', 'bob', 'admin', 'service'] as const).map(
    person => [name, person] as const,
  ),
);

describe('who may do what', () => {
  it('has a row for every endpoint of the contract', () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(endpoints).sort());
  });

  it.each(cases)('%s by %s', async (name, person) => {
    const endpoint: Endpoint = endpoints[name];
    const row = rows[name];
    const expected = person === 'anonymous' ? 401 : row[person];
    const prepared = await row.prepare(`${name}-${person}`.toLowerCase());
    const audited = await auditedSoFar();

    const { status, body } = await plane.call(person, endpoint, prepared);

    expect({ status, body }).toEqual({ status: expected, body });
    const wrote = (await auditedSoFar()) > audited;
    expect(wrote && status >= 400).toBe(false);
  });
});

describe('what a caller may not see is told exactly as what does not exist', () => {
  const foreign: Array<
    [keyof Endpoints, (unique: string) => Promise<[Prepared, Prepared]>]
  > = [
    [
      'getModel',
      async () => [
        { params: { modelId: 'unpublished' } },
        { params: { modelId: 'unknown' } },
      ],
    ],
    [
      'getProject',
      async () => [
        { params: { projectId: 'checkout' } },
        { params: { projectId: 'unknown' } },
      ],
    ],
    [
      'getApiKey',
      async unique => [
        { params: await newKey(unique) },
        { params: { apiKeyId: UNKNOWN_KEY } },
      ],
    ],
    [
      'revokeApiKey',
      async unique => [
        { params: await newKey(unique) },
        { params: { apiKeyId: UNKNOWN_KEY } },
      ],
    ],
    [
      'getApiKeyLimits',
      async unique => [
        { params: await newKey(unique) },
        { params: { apiKeyId: UNKNOWN_KEY } },
      ],
    ],
    [
      'getApiKeyRevocation',
      async unique => [
        { params: await revokedKey(unique) },
        { params: { apiKeyId: UNKNOWN_KEY } },
      ],
    ],
    [
      'createApiKey',
      async unique => [
        { body: { label: unique, projectId: 'checkout' } },
        { body: { label: unique, projectId: 'unknown' } },
      ],
    ],
    [
      'listApiKeys',
      async unique => {
        await newKey(unique);
        return [
          { query: { projectId: 'checkout' } },
          { query: { projectId: 'unknown' } },
        ];
      },
    ],
    ...(
      [
        ['getLimit', 'limitId', newLimit],
        ['getLimitHistory', 'limitId', newLimit],
        ['getBudget', 'budgetId', newBudget],
        ['getBudgetHistory', 'budgetId', newBudget],
        ['listBudgetNotices', 'budgetId', newBudget],
        ['getPolicy', 'policyId', newPolicy],
        ['getPolicyHistory', 'policyId', newPolicy],
      ] as const
    ).map(
      ([name, param, make]) =>
        [
          name,
          async () => [
            { params: await make() },
            { params: { [param]: UNKNOWN_UUID } },
          ],
        ] satisfies (typeof foreign)[number],
    ),
    ...(['listLimits', 'listBudgets', 'listPolicies'] as const).map(
      name =>
        [
          name,
          async () => {
            const { apiKeyId } = await newKey('foreign');
            const query = { subjectKind: 'key', subjectId: apiKeyId };
            return [{ query }, { query: { ...query, subjectId: UNKNOWN_KEY } }];
          },
        ] satisfies (typeof foreign)[number],
    ),
    [
      'getUsage',
      async unique => {
        const { apiKeyId } = await newKey(unique);
        const span = {
          from: '2026-01-01T00:00:00Z',
          to: '2026-01-02T00:00:00Z',
        };
        return [
          { query: { ...span, projectId: 'checkout', apiKeyId } },
          { query: { ...span, projectId: 'unknown', apiKeyId: UNKNOWN_KEY } },
        ];
      },
    ],
  ];

  it.each(foreign)('%s by an engineer of another team', async (name, make) => {
    const [hidden, unknown] = await make(`foreign-${name}`.toLowerCase());

    const answers = [
      await plane.call('bob', endpoints[name], hidden),
      await plane.call('bob', endpoints[name], unknown),
    ].map(answer =>
      JSON.stringify(answer).replaceAll(
        new RegExp(`\\b(${namesIn(hidden, unknown).join('|')})\\b`, 'g'),
        '…',
      ),
    );

    expect(answers[0]).toBe(answers[1]);
  });

  it.each([
    ['getDeployment', { deploymentId: UNKNOWN_UUID }],
    ['updateDeployment', { deploymentId: UNKNOWN_UUID }],
    ['deleteDeployment', { deploymentId: UNKNOWN_UUID }],
    ['publishDeployment', { deploymentId: UNKNOWN_UUID }],
    ['unpublishDeployment', { deploymentId: UNKNOWN_UUID }],
    ['listPrices', { deploymentId: UNKNOWN_UUID }],
    ['createPrice', { deploymentId: UNKNOWN_UUID }],
    ['getProvider', { providerId: UNKNOWN_UUID }],
    ['updateProvider', { providerId: UNKNOWN_UUID }],
    ['deleteProvider', { providerId: UNKNOWN_UUID }],
    ['testProvider', { providerId: UNKNOWN_UUID }],
    ['getModel', { modelId: 'unknown' }],
    ['updateModel', { modelId: 'unknown' }],
    ['deleteModel', { modelId: 'unknown' }],
    ['getProject', { projectId: 'unknown' }],
    ['updateProject', { projectId: 'unknown' }],
    ['getApiKey', { apiKeyId: UNKNOWN_KEY }],
    ['revokeApiKey', { apiKeyId: UNKNOWN_KEY }],
    ['updateModelAlias', { alias: 'unknown' }],
    ['deleteModelAlias', { alias: 'unknown' }],
    ['getModelRouting', { modelId: 'unknown' }],
    ['updateModelRouting', { modelId: 'unknown' }],
    ['getModelRoutingHistory', { modelId: 'unknown' }],
    ['listDeploymentStates', { deploymentId: UNKNOWN_UUID }],
    ['getApiKeyLimits', { apiKeyId: UNKNOWN_KEY }],
    ['getApiKeyRevocation', { apiKeyId: UNKNOWN_KEY }],
    ['getLimit', { limitId: UNKNOWN_UUID }],
    ['updateLimit', { limitId: UNKNOWN_UUID }],
    ['deleteLimit', { limitId: UNKNOWN_UUID }],
    ['getLimitHistory', { limitId: UNKNOWN_UUID }],
    ['getBudget', { budgetId: UNKNOWN_UUID }],
    ['updateBudget', { budgetId: UNKNOWN_UUID }],
    ['deleteBudget', { budgetId: UNKNOWN_UUID }],
    ['getBudgetHistory', { budgetId: UNKNOWN_UUID }],
    ['listBudgetNotices', { budgetId: UNKNOWN_UUID }],
    ['getPolicy', { policyId: UNKNOWN_UUID }],
    ['updatePolicy', { policyId: UNKNOWN_UUID }],
    ['deletePolicy', { policyId: UNKNOWN_UUID }],
    ['getPolicyHistory', { policyId: UNKNOWN_UUID }],
  ] as const)('%s of what does not exist is 404', async (name, params) => {
    const bodies: Record<string, object> = {
      createPrice: { amounts },
      updateModelAlias: { version: 1, target: 'published' },
    };
    const body = bodies[name] ?? { version: 1, title: 'Other' };
    const { status } = await plane.call('admin', endpoints[name], {
      params,
      ...('body' in endpoints[name] && {
        body: WITHOUT_TITLE.has(name) ? { version: 1 } : body,
      }),
    });
    expect(status).toBe(404);
  });
});

async function auditedSoFar(): Promise<number> {
  const row = await plane.db('audit_events').count({ count: '*' }).first();
  return Number(row?.count);
}

/** Ids that the two requests differ in. */
function namesIn(...prepared: Prepared[]): string[] {
  return prepared.flatMap(({ params, query, body }) =>
    [
      ...Object.values(params ?? {}),
      ...Object.values(query ?? {}),
      ...Object.values(body ?? {}).filter(value => value !== 'foreign'),
    ].filter(value => !String(value).startsWith('20')),
  );
}
