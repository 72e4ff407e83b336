// @ts-check
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { findPort } from './ports.mjs';
import { preparePostgres, waitForPostgres } from './postgres.mjs';
import { Processes } from './processes.mjs';
import { Refusal } from './terminal.mjs';

const wait = { deadlineMs: 60_000, signal: new AbortController().signal };
const password = 'correct horse';

/** @param {import('node:test').TestContext} t */
const scratch = t => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ai-gateway-postgres-'));
  chmodSync(dir, 0o755); // under root, the server runs as another user
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return path.join(dir, 'data');
};

/**
 * @param {import('node:test').TestContext} t
 * @param {string} dataDir
 */
const run = async (t, dataDir) => {
  const { server, spec } = await preparePostgres({
    dataDir,
    port: await findPort(46_000),
    password,
  });
  const processes = new Processes({ output: () => {} });
  const running = processes.start(spec);
  t.after(() => processes.stop());
  await waitForPostgres(server, wait);
  return { server, running, processes };
};

/** @param {pg.ClientConfig} server @param {string} sql */
const query = async (server, sql) => {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

test('keeps its data through a stop, and through a kill after which another process got its pid', async t => {
  const dataDir = scratch(t);
  const first = await run(t, dataDir);
  await query(first.server, 'CREATE TABLE kept AS SELECT 1 AS one');
  await first.processes.stop();
  assert.equal(existsSync(path.join(dataDir, 'postmaster.pid')), false);

  const second = await run(t, dataDir);
  second.processes.kill();
  await second.running.ended;
  const pidFile = path.join(dataDir, 'postmaster.pid');
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  writeFileSync(pidFile, [process.pid, ...lines.slice(1)].join('\n'));

  const third = await run(t, dataDir);
  assert.deepEqual(await query(third.server, 'SELECT one FROM kept'), [
    { one: 1 },
  ]);
});

test('ends a server that an earlier start left on the same data', async t => {
  const dataDir = scratch(t);
  const first = await run(t, dataDir);
  const second = await run(t, dataDir);
  assert.ok(first.running.hasEnded());
  assert.deepEqual(await query(second.server, 'SELECT 1 AS one'), [{ one: 1 }]);
});

test('listens on this machine only, and asks for the password', async t => {
  const { server } = await run(t, scratch(t));
  assert.deepEqual(await query(server, 'SHOW listen_addresses'), [
    { listen_addresses: '127.0.0.1' },
  ]);
  await assert.rejects(
    waitForPostgres({ ...server, password: 'wrong' }, wait),
    error => error instanceof Refusal && /password/.test(error.message),
  );
});
