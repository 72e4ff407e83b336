import {
  endpoints,
  type Policy,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { seedModel, seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('policies', () => {
  let plane: TestControlPlane;
  const project = { kind: 'project', id: 'checkout' };
  const organisation = { kind: 'organisation' };

  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    for (const model of ['large', 'small']) await seedModel(plane, model);
  });

  const create = (input: object) =>
    plane.call('admin', endpoints.createPolicy, { body: input });
  const created = async (input: object): Promise<Policy> => {
    const { status, body } = await create(input);
    expect({ status, body }).toEqual({ status: 201, body });
    return body;
  };
  const update = (policy: Policy, input: object) =>
    plane.call('admin', endpoints.updatePolicy, {
      params: { policyId: policy.id },
      body: { version: policy.version, ...input },
    });
  const fieldsOf = async (answer: ReturnType<typeof create>) => {
    const { status, body } = await answer;
    return [
      status,
      ...(body.error?.fields ?? []).map(f => `${f.path}: ${f.message}`),
    ];
  };

  it('takes effect in the revision that gateways read; names stand once', async () => {
    const policy = await created({
      subject: project,
      allowedModels: ['small', 'large', 'small'],
      deniedEndpoints: ['embeddings'],
      maxOutputTokens: 500,
      whenExceeded: 'clamp',
      bodyCapture: 'full',
      bodyCaptureMaxBytes: 4096,
    });
    expect(policy).toMatchObject({
      subject: project,
      allowedModels: ['large', 'small'],
      deniedModels: [],
      allowedEndpoints: null,
      deniedEndpoints: ['embeddings'],
      maxContextTokens: null,
      maxOutputTokens: 500,
      whenExceeded: 'clamp',
      bodyCapture: 'full',
      bodyCaptureMaxBytes: 4096,
    });
    const row = await plane.db('policies').where({ id: policy.id }).first();
    expect(Number(row.revision)).toBe(await plane.revision());
  });

  it('changes, ceases, and tells its history', async () => {
    const policy = await created({ subject: project, maxOutputTokens: 500 });
    const { body: changed } = await update(policy, {
      maxOutputTokens: null,
      deniedModels: ['large'],
    });
    expect(changed).toMatchObject({
      maxOutputTokens: null,
      deniedModels: ['large'],
      version: 2,
    });
    expect((await update(policy, { note: 'late' })).status).toBe(409);
    const path = { params: { policyId: policy.id } };
    await plane.ok('admin', endpoints.deletePolicy, path);
    expect((await plane.call('admin', endpoints.getPolicy, path)).status).toBe(
      404,
    );
    expect(
      (await plane.ok('alice', endpoints.getPolicyHistory, path)).items,
    ).toMatchObject([
      { action: 'policy.remove' },
      {
        action: 'policy.update',
        before: { maxOutputTokens: 500, deniedModels: [] },
        after: { maxOutputTokens: null, deniedModels: ['large'] },
      },
      { action: 'policy.create' },
    ]);
    await created({ subject: project });
  });

  it.each<[string, object, string]>([
    [
      'of a user',
      { subject: { kind: 'user', id: 'user:default/alice' } },
      'subject.kind',
    ],
    [
      'of an unknown project',
      { subject: { kind: 'project', id: 'unknown' } },
      "subject.id: There is no project 'unknown'",
    ],
    [
      'of an unknown model',
      { allowedModels: ['tiny'] },
      "allowedModels: There is no model 'tiny'",
    ],
    [
      'of an unknown endpoint',
      { deniedEndpoints: ['teleport'] },
      'deniedEndpoints.0: The endpoints are',
    ],
    ['allowing nothing', { allowedModels: [] }, 'allowedModels: Allow one'],
    [
      'both allowed and denied',
      { allowedModels: ['small'], deniedModels: ['small'] },
      "deniedModels: The model 'small' is both",
    ],
    [
      'no output',
      { maxOutputTokens: 0 },
      'maxOutputTokens: Enter at least one token',
    ],
    [
      'a cap on bodies that are not kept',
      { bodyCapture: 'metadata', bodyCaptureMaxBytes: 10 },
      'bodyCaptureMaxBytes: Only bodies that are kept in full',
    ],
    [
      'more than a megabyte of bodies',
      { bodyCapture: 'full', bodyCaptureMaxBytes: 1_048_577 },
      'bodyCaptureMaxBytes: Enter at most 1,048,576 bytes',
    ],
  ])('refuses what is %s', async (_, wrong, message) => {
    expect(await fieldsOf(create({ subject: project, ...wrong }))).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  });

  it('refuses a second one of a subject', async () => {
    await created({ subject: project });
    expect(await fieldsOf(create({ subject: project }))).toEqual([
      409,
      expect.stringContaining('subject: There is a policy of project'),
    ]);
  });

  it('refuses to say what a level above forbids', async () => {
    await created({
      subject: organisation,
      deniedModels: ['large'],
      maxOutputTokens: 100,
    });
    expect(
      await fieldsOf(
        create({
          subject: project,
          allowedModels: ['large'],
          maxOutputTokens: 101,
        }),
      ),
    ).toEqual([
      400,
      "maxOutputTokens: It is above that of organisation 'default', 100",
      "allowedModels: The model 'large' is not allowed by the policy of organisation 'default'",
    ]);
  });

  it('refuses to forbid what a level below says, unless the caller says so', async () => {
    await created({ subject: project, maxOutputTokens: 500 });
    const above = { subject: organisation, maxOutputTokens: 100 };
    expect(await fieldsOf(create(above))).toEqual([
      409,
      expect.stringContaining("The policy of project 'checkout' says"),
    ]);
    await created({ ...above, belowChildren: true });
  });
});
