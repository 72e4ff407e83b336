// @ts-check
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { demoData } from './demoData.mjs';
import { createDemoKey, keptDemoKey } from './demoKey.mjs';
import { seedDemoData } from './seedDemoData.mjs';

/**
 * The routes of the control plane that seeding uses, in memory.
 *
 * @param {string} [database] its times tell it from another
 * @returns {import('./controlPlane.mjs').ControlPlane & {
 *   rows: Record<string, any[]>,
 *   writes: string[],
 * }}
 */
const controlPlane = (database = 'first') => {
  /** @type {Record<string, any[]>} */
  const rows = {
    projects: [],
    providers: [],
    models: [],
    deployments: [],
    prices: [],
    'api-keys': [],
  };
  /** @type {string[]} */
  const writes = [];
  let count = 0;
  /** @param {string} table @param {string} id */
  const find = (table, id) => rows[table].find(row => row.id === id);
  return {
    rows,
    writes,
    get: async url => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      const [table, id, sub] = pathname.slice(1).split('/');
      if (sub === 'prices') {
        return { items: rows.prices.filter(row => row.deploymentId === id) };
      }
      if (id) return find(table, id);
      const modelId = searchParams.get('modelId');
      return {
        items: rows[table].filter(row => !modelId || row.modelId === modelId),
      };
    },
    post: async (url, body, headers) => {
      writes.push(`POST ${url}`);
      const [table, id, sub] = url.slice(1).split('/');
      if (sub === 'publish') {
        return Object.assign(find(table, id), { publication: {} });
      }
      if (sub === 'revoke') {
        return Object.assign(find(table, id), { state: 'revoked' });
      }
      const row = {
        id: `id-${++count}`,
        createdAt: `${database}-${count}`,
        version: 1,
        .../** @type {object} */ (body),
      };
      if (sub === 'prices') {
        rows.prices.push({ ...row, deploymentId: id });
        return row;
      }
      if (table === 'api-keys') {
        const idempotencyKey = headers?.['idempotency-key'];
        const before = rows[table].find(
          key => key.idempotencyKey === idempotencyKey,
        );
        const apiKey = before ?? {
          ...row,
          idempotencyKey,
          lastFour: `${count}`.padStart(4, '0'),
          state: 'active',
        };
        if (!before) rows[table].push(apiKey);
        return { apiKey, secret: before ? null : `aigw_${apiKey.lastFour}` };
      }
      const created =
        table === 'deployments' ? { publication: null, ...row } : row;
      rows[table].push(created);
      return created;
    },
    patch: async (url, body) => {
      writes.push(`PATCH ${url}`);
      const [table, id] = url.slice(1).split('/');
      return Object.assign(find(table, id), body);
    },
  };
};

/** @param {import('node:test').TestContext} t */
const scratch = t => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ai-gateway-seed-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
};

const at = (/** @type {number} */ port) =>
  demoData({
    simulatorUrl: `http://127.0.0.1:${port}/v1`,
    withOpenAi: false,
  });

test('publishes every model with a price, and changes nothing the next time', async t => {
  const dir = scratch(t);
  const api = controlPlane();
  await seedDemoData(api, at(4010), dir);
  assert.equal(api.rows.projects.length, 3);
  assert.ok(api.rows.models.length >= 3);
  assert.equal(api.rows.prices.length, api.rows.models.length);
  assert.ok(api.rows.deployments.every(({ publication }) => publication));
  api.writes.length = 0;
  await seedDemoData(api, at(4010), dir);
  assert.deepEqual(api.writes, []);
});

test('does not bring back what an admin deleted', async t => {
  const dir = scratch(t);
  const api = controlPlane();
  await seedDemoData(api, at(4010), dir);
  const [deleted] = api.rows.models.splice(0, 1);
  api.writes.length = 0;
  await seedDemoData(api, at(4010), dir);
  assert.deepEqual(api.writes, []);
  assert.ok(!api.rows.models.includes(deleted));
});

test('finishes what an earlier start did not', async t => {
  const dir = scratch(t);
  const api = controlPlane();
  const { post } = api;
  api.post = async (url, ...rest) => {
    if (url.endsWith('/prices')) throw new Error('the start was killed');
    return post(url, ...rest);
  };
  await assert.rejects(seedDemoData(api, at(4010), dir));
  api.post = post;
  await seedDemoData(api, at(4010), dir);
  assert.equal(api.rows.deployments.length, api.rows.models.length);
  assert.equal(api.rows.prices.length, api.rows.models.length);
  assert.ok(api.rows.deployments.every(({ publication }) => publication));
});

test('seeds a new database in spite of the record of an old one', async t => {
  const dir = scratch(t);
  await seedDemoData(controlPlane(), at(4010), dir);
  const fresh = controlPlane('second');
  await seedDemoData(fresh, at(4010), dir);
  assert.ok(fresh.rows.models.length >= 3);
});

test('follows the simulator to another port, and leaves a URL that an admin entered', async t => {
  const dir = scratch(t);
  const api = controlPlane();
  await seedDemoData(api, at(4010), dir);
  await seedDemoData(api, at(4011), dir);
  assert.equal(api.rows.providers[0].baseUrl, 'http://127.0.0.1:4011/v1');
  api.rows.providers[0].baseUrl = 'https://models.example.com/v1';
  await seedDemoData(api, at(4012), dir);
  assert.equal(api.rows.providers[0].baseUrl, 'https://models.example.com/v1');
});

test('keeps the demo key, until it is revoked', async t => {
  const dir = scratch(t);
  const api = controlPlane();
  assert.equal(await keptDemoKey(api, dir), undefined);
  const key = await createDemoKey(api, dir);
  assert.deepEqual(await keptDemoKey(api, dir), key);
  api.rows['api-keys'][0].state = 'revoked';
  assert.equal(await keptDemoKey(api, dir), undefined);
  assert.notEqual((await createDemoKey(api, dir)).id, key.id);
});

test('revokes a demo key whose secret was lost on the way and makes another', async t => {
  const dir = scratch(t);
  const api = controlPlane();
  const { post } = api;
  api.post = async (...args) => {
    await post(...args);
    throw new Error('the start was killed');
  };
  await assert.rejects(createDemoKey(api, dir));
  api.post = post;
  const key = await createDemoKey(api, dir);
  assert.deepEqual(
    api.rows['api-keys'].map(({ id, state }) => [id === key.id, state]),
    [
      [false, 'revoked'],
      [true, 'active'],
    ],
  );
});
