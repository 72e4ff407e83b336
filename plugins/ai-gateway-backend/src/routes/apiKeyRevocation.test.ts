import { endpoints } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { randomUUID } from 'node:crypto';
import { createStores } from '../database/Stores';
import { seedProject } from '../__testUtils__/seed';
import { TestControlPlane } from '../__testUtils__/TestControlPlane';

describe('the proof of a revocation', () => {
  let plane: TestControlPlane;
  let apiKeyId: string;
  let revision: number;

  beforeEach(async () => {
    plane = await TestControlPlane.start();
    await seedProject(plane, 'checkout', 'payments');
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: { label: 'x', projectId: 'checkout' },
    });
    apiKeyId = apiKey.id;
    await plane.ok('alice', endpoints.revokeApiKey, { params: { apiKeyId } });
    revision = await plane.revision();
  });

  const proof = (person: 'alice' | 'admin' = 'admin') =>
    plane.ok(person, endpoints.getApiKeyRevocation, { params: { apiKeyId } });

  /** A gateway that reported itself, with the revisions of its keys and how many seconds ago it applied each. */
  const gateway = async (
    hostname: string,
    revisions: Record<number, number>,
    { silentFor = 1, applied = 0, started = 1000 } = {},
  ) => {
    const id = randomUUID();
    const ago = (seconds: number) =>
      plane.db.raw("now() - ? * interval '1 second'", [seconds]);
    await plane.db('gateway_replicas').insert({
      id,
      hostname,
      version: '1.0.0',
      started_at: ago(started),
      last_seen_at: ago(silentFor),
      state: 'ready',
      applied_revision: applied,
    });
    for (const [of, seconds] of Object.entries(revisions)) {
      await plane.db('gateway_key_revisions').insert({
        gateway_id: id,
        revision: of,
        applied_at: ago(seconds),
      });
    }
    return id;
  };

  it('is there when every gateway that serves has applied it', async () => {
    await gateway('one', { [revision - 1]: 90, [revision]: 60 });
    // Skipped it, and has it with a later one.
    await gateway('two', { [revision - 1]: 90, [revision + 3]: 30 });
    const answer = await proof();
    expect(answer).toMatchObject({
      apiKeyId,
      revokedBy: 'user:default/alice',
      revision,
      appliedOn: 2,
      serving: 2,
      summary: `Applied on 2 of 2 gateways at ${answer.appliedAt}`,
    });
    const times = new Map(
      answer.gateways.map(({ hostname, appliedAt }) => [hostname, appliedAt]),
    );
    expect(answer.appliedAt).toBe(times.get('two'));
    expect(Date.parse(times.get('one') ?? '')).toBeLessThan(
      Date.parse(times.get('two') ?? ''),
    );
  });

  /** Moves the revocation into the past. */
  const revokedAgo = (seconds: number) =>
    plane
      .db('api_keys')
      .where({ id: apiKeyId })
      .update({
        revoked_at: plane.db.raw("now() - ? * interval '1 second'", [seconds]),
      });

  it('is dated without gateways that started since, and says so', async () => {
    await revokedAgo(600);
    await gateway('one', { [revision - 1]: 900, [revision]: 599 });
    await gateway('restarted', { [revision]: 58 }, { started: 60 });
    const answer = await proof();
    expect(answer).toMatchObject({
      appliedOn: 2,
      serving: 2,
      summary: `Applied on 2 of 2 gateways at ${answer.appliedAt}; 1 of them started since the key was revoked`,
    });
    const of = new Map(answer.gateways.map(one => [one.hostname, one]));
    expect(of.get('one')).toMatchObject({
      appliedAt: answer.appliedAt,
      startedSince: false,
    });
    expect(of.get('restarted')).toMatchObject({
      applied: true,
      appliedAt: null,
      startedSince: true,
    });
  });

  it('has no date when all gateways were started since', async () => {
    await revokedAgo(600);
    await gateway('one', { [revision]: 58 }, { started: 60 });
    await gateway('two', { [revision + 3]: 28 }, { started: 30 });
    expect(await proof()).toMatchObject({
      appliedOn: 2,
      appliedAt: null,
      summary:
        'Applied on 2 of 2 gateways; 2 of them started since the key was revoked',
    });
  });

  it('is dated with a gateway that started since, but from what was known before', async () => {
    await revokedAgo(600);
    await gateway(
      'from the disk',
      { [revision - 1]: 60, [revision]: 20 },
      { started: 60 },
    );
    const answer = await proof();
    expect(answer.appliedAt).not.toBeNull();
    expect(answer.gateways).toMatchObject([
      { appliedAt: answer.appliedAt, startedSince: false },
    ]);
  });

  it('is not there while a gateway has not, and names that one', async () => {
    await gateway('one', { [revision]: 2 });
    await gateway('two', { [revision - 1]: 90 });
    const answer = await proof();
    expect(answer).toMatchObject({
      appliedOn: 1,
      serving: 2,
      appliedAt: null,
      summary: 'Applied on 1 of 2 gateways',
    });
    expect(answer.gateways).toContainEqual(
      expect.objectContaining({
        hostname: 'two',
        applied: false,
        appliedAt: null,
      }),
    );
  });

  it('does not wait for a gateway that fell silent, but names it', async () => {
    await gateway('one', { [revision]: 2 });
    await gateway('lost', { [revision - 1]: 90 }, { silentFor: 60 });
    await gateway('ended', { [revision]: 80 }, { silentFor: 60 });
    const answer = await proof();
    expect(answer.summary).toBe(
      `Applied on 1 of 1 gateway at ${answer.appliedAt}; not known of 1 that has fallen silent`,
    );
    expect(answer.gateways).toContainEqual(
      expect.objectContaining({
        hostname: 'lost',
        state: 'gone',
        applied: false,
      }),
    );
  });

  it('takes the word of a gateway of an earlier version that serves the revision', async () => {
    await gateway('old', {}, { applied: revision });
    expect(await proof()).toMatchObject({
      appliedOn: 1,
      appliedAt: null,
      summary: 'Applied on 1 of 1 gateway',
    });
  });

  it('says when no gateway serves', async () => {
    expect(await proof()).toMatchObject({
      serving: 0,
      appliedAt: null,
      summary: 'No gateway serves at present',
      gateways: [],
    });
  });

  it('tells names of hosts only to those who may see gateways', async () => {
    await gateway('one', { [revision]: 2 });
    const { gateways } = await proof('alice');
    expect(gateways).toMatchObject([{ hostname: null, applied: true }]);
  });

  it('is not there for a key that is not revoked', async () => {
    const { apiKey } = await plane.ok('alice', endpoints.createApiKey, {
      body: { label: 'y', projectId: 'checkout' },
    });
    const { status, body } = await plane.call(
      'alice',
      endpoints.getApiKeyRevocation,
      { params: { apiKeyId: apiKey.id } },
    );
    expect(status).toBe(404);
    expect(body.error.message).toBe(`The API key ${apiKey.id} is not revoked`);
  });

  it('is kept for a month, and that it was applied for longer', async () => {
    const month = 31 * 86_400;
    await revokedAgo(month + 61);
    const id = await gateway(
      'one',
      {
        [revision]: month + 60,
        [revision + 1]: month,
        // Much later, and of another change.
        [revision + 2]: 86_400,
      },
      { started: month + 1000 },
    );
    await gateway('long-gone', {}, { silentFor: 8 * 86_400 });
    await createStores(plane.db).gateways.prune();
    expect(await plane.db('gateway_replicas').pluck('id')).toEqual([id]);
    expect(await plane.db('gateway_key_revisions').pluck('revision')).toEqual([
      String(revision + 2),
    ]);
    expect(await proof()).toMatchObject({
      appliedOn: 1,
      appliedAt: null,
      gateways: [{ applied: true, appliedAt: null, startedSince: false }],
    });
  });
});
