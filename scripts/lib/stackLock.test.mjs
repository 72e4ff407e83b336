// @ts-check
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { identify } from './processIdentity.mjs';
import { acquireStackLock } from './stackLock.mjs';
import { Refusal } from './terminal.mjs';

/** @param {import('node:test').TestContext} t */
const scratch = t => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ai-gateway-lock-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return { dir, file: path.join(dir, 'stack.json') };
};

const gone = { pid: 2 ** 22 + 1, began: 'long ago' };

test('is held by one at a time, until it is released', async t => {
  const { dir, file } = scratch(t);
  const lock = await acquireStackLock(dir);
  await assert.rejects(acquireStackLock(dir), Refusal);
  lock.release();
  assert.equal(existsSync(file), false);
  (await acquireStackLock(dir)).release();
});

test('ends what a stack that was killed has left running', async t => {
  const { dir, file } = scratch(t);
  const leftover = spawn('sleep', ['60']);
  const ended = once(leftover, 'exit');
  const identity = identify(/** @type {number} */ (leftover.pid));
  writeFileSync(
    file,
    JSON.stringify({ owner: gone, processes: [{ name: 'x', ...identity }] }),
  );
  (await acquireStackLock(dir)).release();
  assert.deepEqual(await ended, [null, 'SIGTERM']);
});

test('leaves a process alone that only has the process id of a leftover', async t => {
  const { dir, file } = scratch(t);
  const stranger = spawn('sleep', ['60']);
  t.after(() => stranger.kill());
  writeFileSync(
    file,
    JSON.stringify({
      owner: gone,
      processes: [{ name: 'x', pid: stranger.pid, began: 'long ago' }],
    }),
  );
  (await acquireStackLock(dir)).release();
  assert.equal(stranger.exitCode, null);
  assert.equal(stranger.signalCode, null);
});

test('takes over a lock file that a crash left half written', async t => {
  const { dir, file } = scratch(t);
  writeFileSync(file, '{"owner":{"pi');
  (await acquireStackLock(dir)).release();
});
