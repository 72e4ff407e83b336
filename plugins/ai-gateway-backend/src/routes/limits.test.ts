import {
  endpoints,
  type CreateLimit,
  type Limit,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  seedProject,
  seedProvider,
  seedPublishedModel,
} from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

type Subject = CreateLimit['subject'];

describe('limits', () => {
  let plane: TestControlPlane;
  let keyId: string;
  let key: Subject;
  const project: Subject = { kind: 'project', id: 'checkout' };
  const unit: Subject = { kind: 'business-unit', id: 'Unit of payments' };
  const organisation: Subject = { kind: 'organisation', id: 'default' };

  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    await seedProject(plane, 'ranking', 'search');
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: { label: 'x', projectId: 'checkout' },
    });
    keyId = apiKey.id;
    key = { kind: 'key', id: keyId };
  });

  const body = (subject: object, value: number, more: object = {}) => ({
    subject,
    measure: 'tokens',
    window: 'minute',
    amount: { kind: 'absolute', value },
    ...more,
  });
  const fraction = (subject: object, part: number, more: object = {}) =>
    body(subject, 1, { amount: { kind: 'fraction', fraction: part }, ...more });
  const create = (input: object) =>
    plane.call('admin', endpoints.createLimit, { body: input });
  const created = async (input: object): Promise<Limit> => {
    const { status, body: answer } = await create(input);
    expect({ status, answer }).toEqual({ status: 201, answer });
    return answer;
  };
  const update = (limit: Limit, input: object) =>
    plane.call('admin', endpoints.updateLimit, {
      params: { limitId: limit.id },
      body: { version: limit.version, ...input },
    });
  const get = (limit: Limit) =>
    plane.ok('admin', endpoints.getLimit, { params: { limitId: limit.id } });
  const fieldsOf = async (answer: ReturnType<typeof create>) => {
    const { status, body: refused } = await answer;
    return [
      status,
      ...(refused.error?.fields ?? []).map(f => `${f.path}: ${f.message}`),
    ];
  };

  it('takes effect in the revision that gateways read, and leaves a trail', async () => {
    const before = await plane.revision();
    const limit = await created(body(project, 800, { note: 'Launch' }));
    expect(limit).toMatchObject({
      subject: project,
      measure: 'tokens',
      window: 'minute',
      amount: { kind: 'absolute', value: 800 },
      effective: 800,
      problem: null,
      whenDegraded: null,
      note: 'Launch',
      version: 1,
      createdBy: 'user:default/root',
    });
    const row = await plane.db('limits').where({ id: limit.id }).first();
    expect(Number(row.revision)).toBe(before + 1);
    expect(await plane.revision()).toBe(before + 1);
    expect(await plane.audit(limit.id)).toMatchObject([
      { action: 'limit.create', project_id: 'checkout' },
    ]);
  });

  it('changes what may change, once, and tells its history page by page', async () => {
    const limit = await created(body(key, 100));
    const { body: changed } = await update(limit, {
      amount: { kind: 'absolute', value: 50 },
      whenDegraded: { mode: 'cap', fraction: 0.1 },
    });
    expect(changed).toMatchObject({
      amount: { kind: 'absolute', value: 50 },
      effective: 50,
      whenDegraded: { mode: 'cap', fraction: 0.1 },
      version: 2,
    });
    const revision = await plane.revision();
    await update(changed, { note: '' });
    expect(await plane.revision()).toBe(revision);
    await plane.ok('admin', endpoints.deleteLimit, {
      params: { limitId: limit.id },
    });
    expect(await plane.revision()).toBe(revision + 1);

    const history = (query: object) =>
      plane.ok('alice', endpoints.getLimitHistory, {
        params: { limitId: limit.id },
        query,
      });
    const { items, totalCount } = await history({});
    expect(totalCount).toBe(3);
    expect(items).toMatchObject([
      { action: 'limit.remove', after: null },
      {
        action: 'limit.update',
        by: 'user:default/root',
        before: { amount: { value: 100 }, whenDegraded: null },
        after: {
          amount: { value: 50 },
          whenDegraded: { mode: 'cap', fraction: 0.1 },
        },
      },
      { action: 'limit.create', before: null },
    ]);
    expect((await history({ limit: 1, offset: 2 })).items).toEqual([items[2]]);
  });

  it('is gone once removed, but stays in the database for gateways to learn of it', async () => {
    const limit = await created(body(key, 100));
    const path = { params: { limitId: limit.id } };
    await plane.ok('admin', endpoints.deleteLimit, path);
    for (const [endpoint, input] of [
      [endpoints.getLimit, path],
      [endpoints.deleteLimit, path],
      [endpoints.updateLimit, { ...path, body: { version: 1 } }],
    ] as const) {
      expect((await plane.call('admin', endpoint, input)).status).toBe(404);
    }
    const row = await plane.db('limits').where({ id: limit.id }).first();
    expect(row.removed_by).toBe('user:default/root');
    expect(Number(row.revision)).toBe(await plane.revision());
    await created(body(key, 7));
  });

  it('follows what it is a fraction of', async () => {
    const parent = await created(body(project, 1000));
    const child = await created(fraction(key, 0.25));
    expect(child.effective).toBe(250);
    await update(parent, { amount: { kind: 'absolute', value: 400 } });
    expect((await get(child)).effective).toBe(100);
  });

  it('takes a fraction of the nearest level above, and a user one of the organisation', async () => {
    await created(body(organisation, 10_000));
    expect((await created(fraction(key, 0.5))).effective).toBe(5000);
    expect((await created(fraction(unit, 0.1))).effective).toBe(1000);
    await created(fraction({ kind: 'user', id: 'user:default/alice' }, 0.25));
    const { items } = await plane.ok('admin', endpoints.listLimits, {});
    expect(items.map(limit => [limit.subject.kind, limit.effective])).toEqual([
      ['organisation', 10_000],
      ['business-unit', 1000],
      ['user', 2500],
      ['key', 500],
    ]);
  });

  it.each<[string, object, string]>([
    ['zero', { amount: { kind: 'absolute', value: 0 } }, 'amount.value: Zero'],
    [
      'negative',
      { amount: { kind: 'absolute', value: -5 } },
      'amount.value: It cannot be negative',
    ],
    [
      'not whole',
      { amount: { kind: 'absolute', value: 1.5 } },
      'amount.value: Enter a whole number',
    ],
    [
      'more than is counted exactly',
      { amount: { kind: 'absolute', value: 2 ** 53 } },
      'amount.value: The most that is counted exactly is 9007199254740991',
    ],
    [
      'a fraction above one',
      { amount: { kind: 'fraction', fraction: 1.1 } },
      'amount.fraction: A fraction is above 0 and at most 1',
    ],
    [
      'a fraction too fine',
      { amount: { kind: 'fraction', fraction: 0.12345678901 } },
      'amount.fraction: Use at most nine digits',
    ],
    [
      'a fraction of nothing',
      { amount: { kind: 'fraction', fraction: 0.5 } },
      'amount: The limit of project',
    ],
    ['of an unknown window', { window: 'fortnight' }, 'window: The windows'],
    ['of money', { measure: 'money' }, 'measure: What can be limited'],
    [
      'concurrency by the minute',
      { measure: 'concurrency' },
      'window: Concurrency is counted at an instant',
    ],
    [
      'tokens at an instant',
      { window: 'none' },
      'window: The window of tokens',
    ],
    [
      'capped at nothing',
      { whenDegraded: { mode: 'cap', fraction: 0 } },
      'whenDegraded.fraction',
    ],
    ['of a strange field', { colour: 'red' }, 'colour: There is no such field'],
    [
      'of an unknown kind',
      { subject: { kind: 'planet', id: 'x' } },
      'subject.kind',
    ],
    [
      'of an unknown project',
      { subject: { kind: 'project', id: 'unknown' } },
      "subject.id: There is no project 'unknown'",
    ],
    [
      'of an unknown key',
      { subject: { kind: 'key', id: 'zzzzzzzzzzzz' } },
      'subject.id: There is no API key zzzzzzzzzzzz',
    ],
    [
      'of a subscription to an unknown model',
      { subject: { kind: 'subscription', id: 'checkout/unknown' } },
      "subject.id: There is no model 'unknown'",
    ],
    [
      'of half a subscription',
      { subject: { kind: 'subscription', id: 'checkout' } },
      'subject.id: Name a project and a model',
    ],
    [
      'of a user that is not in the catalog',
      { subject: { kind: 'user', id: 'user:default/nobody' } },
      'subject.id: The catalog has no user:default/nobody',
    ],
    [
      'of an app that is a group',
      { subject: { kind: 'app', id: 'group:default/payments' } },
      'subject.id: Name a component',
    ],
    [
      'of a business unit without projects',
      { subject: { kind: 'business-unit', id: 'Nowhere' } },
      "subject.id: No project belongs to a business unit 'Nowhere'",
    ],
    [
      'of another organisation',
      { subject: { kind: 'organisation', id: 'acme' } },
      "subject.id: The organisation is called 'default'",
    ],
  ])('refuses what is %s', async (_, wrong, message) => {
    const revision = await plane.revision();
    expect(await fieldsOf(create(body(project, 5, wrong)))).toEqual([
      400,
      expect.stringContaining(message),
    ]);
    expect(await plane.revision()).toBe(revision);
  });

  it('refuses a limit of a revoked key', async () => {
    await plane.ok('alice', endpoints.revokeApiKey, {
      params: { apiKeyId: keyId },
    });
    expect(await fieldsOf(create(body(key, 5)))).toEqual([
      400,
      `subject.id: The API key ${keyId} is revoked`,
    ]);
  });

  it('refuses a second one for the same measure and window', async () => {
    await created(body(project, 5));
    await created(body(project, 5, { window: 'day' }));
    expect(await fieldsOf(create(body(project, 6)))).toEqual([
      409,
      expect.stringContaining('subject: There is a limit of project'),
    ]);
  });

  it('refuses a child above its parent, and says what the parent has', async () => {
    await created(body(project, 800));
    expect(await fieldsOf(create(body(key, 801)))).toEqual([
      400,
      expect.stringMatching(/^amount: .* 801, above .*'checkout'.* 800\.$/),
    ]);
    await created(body(key, 800));
  });

  it('refuses a parent below its children unless the caller says so', async () => {
    const child = await created(body(key, 500));
    expect(await fieldsOf(create(body(project, 400)))).toEqual([
      409,
      expect.stringContaining(`Levels below are set higher: key '${keyId}'`),
    ]);
    const parent = await created(body(project, 400, { belowChildren: true }));
    expect(await get(child)).toMatchObject({
      effective: 500,
      problem: expect.stringContaining('above'),
    });
    // What is so already is no reason to refuse what makes it no worse.
    const raised = await update(parent, {
      amount: { kind: 'absolute', value: 450 },
    });
    expect(raised.status).toBe(200);
    const lowered = await update(raised.body, {
      amount: { kind: 'absolute', value: 449 },
    });
    expect(lowered.status).toBe(409);
    await created(body(organisation, 100_000));
  });

  it('refuses to lower a parent far above so that a fraction of it falls below its own child', async () => {
    const far = await created(body(organisation, 1000));
    await created(fraction(project, 0.5));
    await created(body(key, 400));
    const { status, body: refused } = await update(far, {
      amount: { kind: 'absolute', value: 500 },
    });
    expect(status).toBe(409);
    expect(refused.error.message).toContain(`key '${keyId}'`);
  });

  it('refuses to remove what others are a fraction of', async () => {
    await created(body(organisation, 1000));
    const parent = await created(body(project, 500));
    const child = await created(fraction(key, 0.5));
    const remove = (limit: Limit) =>
      plane.call('admin', endpoints.deleteLimit, {
        params: { limitId: limit.id },
      });
    const { status, body: refused } = await remove(parent);
    expect(status).toBe(409);
    expect(refused.error.message).toContain(`key '${keyId}'`);
    await remove(child);
    expect((await remove(parent)).status).toBe(204);
  });

  it('keeps a project from a business unit that has not what its limits are a fraction of', async () => {
    await created(body(unit, 1000));
    await created(fraction(project, 0.5));
    const move = (version: number) =>
      plane.call('admin', endpoints.updateProject, {
        params: { projectId: 'checkout' },
        body: { version, businessUnit: 'Unit of search' },
      });
    const { status, body: refused } = await move(1);
    expect(status).toBe(409);
    expect(refused.error.fields?.[0].path).toBe('businessUnit');
    await created(body({ ...unit, id: 'Unit of search' }, 10));
    expect((await move(1)).status).toBe(200);
  });

  it('refuses a change of what was changed meanwhile', async () => {
    const limit = await created(body(key, 100));
    await update(limit, { note: 'first' });
    const { status, body: refused } = await update(limit, { note: 'second' });
    expect(status).toBe(409);
    expect(refused.error.message).toContain('user:default/root changed this');
  });

  it('lets one of many win who set the same at once, or parent and child that contradict', async () => {
    const answers = await Promise.all(
      [
        ...Array.from({ length: 4 }, () => body(project, 100)),
        ...Array.from({ length: 4 }, () => body(key, 200)),
      ].map(input => create(input)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await plane.db('limits')).toHaveLength(1);
  });

  it('shows an engineer what concerns them, and nothing of others', async () => {
    const provider = await seedProvider(plane);
    await seedPublishedModel(plane, 'small', provider.id);
    const { apiKey: app } = await plane.ok('alice', endpoints.createApiKey, {
      body: {
        label: 'app',
        projectId: 'checkout',
        owner: { kind: 'app', ref: 'component:default/checkout-web' },
      },
    });
    for (const subject of [
      organisation,
      unit,
      project,
      { kind: 'subscription', id: 'checkout/small' },
      { kind: 'app', id: 'component:default/checkout-web' },
      { kind: 'user', id: 'user:default/alice' },
      key,
      { kind: 'key', id: app.id },
    ]) {
      await created(body(subject, 5));
    }
    const seenBy = async (person: 'alice' | 'bob' | 'carol' | 'admin') => {
      const { items, totalCount } = await plane.ok(
        person,
        endpoints.listLimits,
        {},
      );
      expect(totalCount).toBe(items.length);
      return items.map(({ subject }) => subject.kind);
    };
    const all = [
      'organisation',
      'business-unit',
      'project',
      'subscription',
      'app',
      'user',
      'key',
      'key',
    ];
    expect(await seenBy('admin')).toEqual(all);
    expect(await seenBy('alice')).toEqual(all);
    expect(await seenBy('carol')).toEqual(all.filter(kind => kind !== 'user'));
    expect(await seenBy('bob')).toEqual(['organisation']);
  });

  it('lists the limits of one subject, page by page', async () => {
    await created(body(project, 5));
    await created(body(project, 5, { measure: 'requests' }));
    await created(body(key, 5));
    const { items, totalCount } = await plane.ok(
      'admin',
      endpoints.listLimits,
      {
        query: {
          subjectKind: 'project',
          subjectId: 'checkout',
          limit: 1,
          offset: 1,
        },
      },
    );
    expect(totalCount).toBe(2);
    expect(items.map(({ measure }) => measure)).toEqual(['tokens']);
  });
});
