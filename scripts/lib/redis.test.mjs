// @ts-check
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { chooseRedis } from './redis.mjs';

describe('chooseRedis', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'redis-choice-'));
  const dataDir = path.join(folder, 'data');
  after(() => rmSync(folder, { recursive: true }));

  it('takes the one that it is told of', async () => {
    const url = 'redis://cache.example:6379';
    const choice = await chooseRedis({
      env: { AI_GATEWAY_REDIS_URL: url },
      dataDir,
    });
    assert.equal(choice.url, url);
    assert.equal(choice.spec, undefined);
  });

  it('goes without where there is none, and says what that means', async () => {
    const choice = await chooseRedis({ env: { PATH: folder }, dataDir });
    assert.equal(choice.url, undefined);
    assert.match(choice.description, /in its own process/);
  });

  it('starts the one that it finds, on loopback and with its data below the stack’s', async () => {
    const program = path.join(folder, 'redis-server');
    writeFileSync(program, '');
    chmodSync(program, 0o755);
    const { url, spec } = await chooseRedis({ env: { PATH: folder }, dataDir });
    assert.match(url ?? '', /^redis:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(spec?.command, program);
    assert.equal(spec?.cwd, path.join(dataDir, 'redis'));
  });
});
