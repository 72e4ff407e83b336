import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { seedModel, seedProvider } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

const HOUR = 3_600_000;

describe('prices', () => {
  let plane: TestControlPlane;
  let deploymentId: string;
  let count = 0;
  beforeAll(async () => {
    plane = await TestControlPlane.start();
    await seedProvider(plane);
    await seedModel(plane, 'gpt-4o');
  });
  beforeEach(async () => {
    const { items } = await plane.ok('admin', endpoints.listProviders, {});
    count += 1;
    const deployment = await plane.ok('admin', endpoints.createDeployment, {
      body: {
        modelId: 'gpt-4o',
        providerId: items[0].id,
        upstreamModel: `u${count}`,
      },
    });
    deploymentId = deployment.id;
  });

  const add = (body: object) =>
    plane.call('admin', endpoints.createPrice, {
      params: { deploymentId },
      body: { amounts: { input: '1', output: '2' }, ...body },
    });
  const fromNow = (milliseconds: number) =>
    new Date(Date.now() + milliseconds).toISOString();

  it('keeps every amount exactly, to the nano-dollar', async () => {
    const amounts = {
      input: '0.150000000',
      output: '0.000000001',
      cachedInput: '999999.999999999',
      cacheWrite: '1000000',
      reasoning: '0',
      audio: '12.5',
      image: '0.1',
      perRequest: '0.00031',
    };
    const created = await add({ amounts, note: ' List price ' });
    expect(created.status).toBe(201);
    const { items } = await plane.ok('admin', endpoints.listPrices, {
      params: { deploymentId },
    });
    expect(items).toEqual([created.body]);
    expect(items[0]).toMatchObject({
      amounts: { ...amounts, input: '0.15' },
      note: 'List price',
      state: 'current',
      effectiveUntil: null,
      createdBy: 'user:default/root',
    });
    expect((await plane.audit(created.body.id))[0]).toMatchObject({
      action: 'price.create',
      changes: { after: { deploymentId, amounts } },
    });
  });

  it('lists newest first, and says which is in force until when', async () => {
    const first = (await add({})).body;
    const later = (await add({ effectiveFrom: fromNow(2 * HOUR) })).body;
    const between = (await add({ effectiveFrom: fromNow(HOUR) })).body;
    await plane
      .db('prices')
      .where({ id: first.id })
      .update({ effective_from: fromNow(-HOUR) });
    const now = (await add({})).body;

    const { items } = await plane.ok('admin', endpoints.listPrices, {
      params: { deploymentId },
    });
    expect(items.map(({ id, state }) => [id, state])).toEqual([
      [later.id, 'scheduled'],
      [between.id, 'scheduled'],
      [now.id, 'current'],
      [first.id, 'past'],
    ]);
    expect(items.map(({ effectiveUntil }) => effectiveUntil)).toEqual([
      null,
      later.effectiveFrom,
      between.effectiveFrom,
      now.effectiveFrom,
    ]);
  });

  it('starts at once when the start is a moment ago, and keeps a scheduled one to the millisecond in UTC', async () => {
    const asked = Date.now();
    const clamped = await add({ effectiveFrom: fromNow(-30_000) });
    expect(Date.parse(clamped.body.effectiveFrom)).toBeGreaterThanOrEqual(
      asked,
    );
    const scheduled = await add({
      effectiveFrom: `${new Date().getUTCFullYear() + 1}-01-31T10:00:00.123+01:00`,
    });
    expect(scheduled.body).toMatchObject({
      effectiveFrom: `${new Date().getUTCFullYear() + 1}-01-31T09:00:00.123Z`,
      state: 'scheduled',
    });
  });

  it.each([
    ['the past', () => fromNow(-61_000), /cannot start in the past/],
    ['far ahead', () => fromNow(6 * 365 * 24 * HOUR), /at most 5 years/],
    ['no date', () => 'tomorrow', /date and time/],
    ['no such day', () => '2030-02-30T00:00:00Z', /date and time/],
  ])('refuses a start in %s', async (_, start, message) => {
    const { status, body } = await add({ effectiveFrom: start() });
    expect(status).toBe(400);
    expect(body.error.fields).toEqual([
      { path: 'effectiveFrom', message: expect.stringMatching(message) },
    ]);
  });

  it.each([
    [{ input: '-1', output: '1' }, 'amounts.input', /negative/],
    [{ input: '1', output: '0.0000000001' }, 'amounts.output', /nine digits/],
    [{ input: '1e3', output: '1' }, 'amounts.input', /amount in dollars/],
    [{ input: '1000000.01', output: '1' }, 'amounts.input', /more than/],
    [{ input: 1, output: '1' }, 'amounts.input', /string/],
    [{ input: '1' }, 'amounts.output', /required/],
    [{ input: '1', output: '1', tip: '1' }, 'amounts.tip', /no such field/],
  ])('refuses the amounts %j', async (amounts, path, message) => {
    const { status, body } = await add({ amounts });
    expect(status).toBe(400);
    expect(body.error.fields).toEqual([
      { path, message: expect.stringMatching(message) },
    ]);
  });

  it('refuses a second price of the same start, and names the other', async () => {
    const effectiveFrom = fromNow(HOUR);
    await add({ effectiveFrom });
    const revision = await plane.revision();
    const { status, body } = await add({ effectiveFrom });
    expect(status).toBe(409);
    expect(body.error.fields).toEqual([
      {
        path: 'effectiveFrom',
        message: expect.stringContaining(
          '1 in, 2 out, set by user:default/root',
        ),
      },
    ]);
    expect(await plane.revision()).toBe(revision);
  });

  it('lets one of many that set a price for the same moment through', async () => {
    const effectiveFrom = fromNow(HOUR);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => add({ effectiveFrom })),
    );
    expect(answers.map(answer => answer.status).sort()).toEqual([
      201, 409, 409, 409, 409,
    ]);
  });
});
