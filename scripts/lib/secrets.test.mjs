// @ts-check
import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadSecrets } from './secrets.mjs';

/** @param {import('node:test').TestContext} t */
const scratch = t => {
  const dir = mkdtempSync(path.join(tmpdir(), 'ai-gateway-secrets-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
};

test('keeps the secrets it made, where only their owner reads them', t => {
  const dir = scratch(t);
  const made = loadSecrets(dir);
  assert.deepEqual(loadSecrets(dir), made);
  assert.equal(statSync(path.join(dir, 'secrets.json')).mode & 0o777, 0o600);
  assert.equal(new Set(Object.values(made)).size, Object.keys(made).length);
});

test('adds a secret that the file does not have yet and keeps the others', t => {
  const dir = scratch(t);
  const file = path.join(dir, 'secrets.json');
  writeFileSync(file, JSON.stringify({ keyPepper: 'kept' }));
  const secrets = loadSecrets(dir);
  assert.equal(secrets.keyPepper, 'kept');
  assert.ok(secrets.seedToken.length >= 32);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), secrets);
});
