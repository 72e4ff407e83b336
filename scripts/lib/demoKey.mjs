// @ts-check
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { demoKeyProjectId } from './demoData.mjs';
import { readJson, writePrivateJson } from './secrets.mjs';

/**
 * The key in the command that `npm start` prints: one for this machine, its
 * secret in a file that only its owner can read, since the control plane tells
 * a secret only once.
 *
 * @typedef {object} DemoKey
 * @property {string} id
 * @property {string} secret
 *
 * @typedef {object} KeptDemoKey
 * @property {string} idempotencyKey written before the key is asked for, so
 *   that asking again after a crash does not leave a second one behind
 * @property {DemoKey} [key]
 */

/** @param {string} dataDir */
const fileIn = dataDir => path.join(dataDir, 'demo-key.json');

/**
 * The key of an earlier start, unless it was revoked since or belongs to
 * another database.
 *
 * @param {import('./controlPlane.mjs').ControlPlane} api
 * @param {string} dataDir
 * @returns {Promise<DemoKey | undefined>}
 */
export const keptDemoKey = async (api, dataDir) => {
  const kept = /** @type {KeptDemoKey | undefined} */ (
    readJson(fileIn(dataDir))
  );
  if (!kept?.key) {
    return undefined;
  }
  const known = await api.get(`/api-keys/${kept.key.id}`);
  return known?.state === 'active' && kept.key.secret.endsWith(known.lastFour)
    ? kept.key
    : undefined;
};

/**
 * Makes a new key and keeps it.
 *
 * @param {import('./controlPlane.mjs').ControlPlane} api
 * @param {string} dataDir
 * @returns {Promise<DemoKey>}
 */
export const createDemoKey = async (api, dataDir) => {
  const file = fileIn(dataDir);
  const kept = /** @type {KeptDemoKey | undefined} */ (readJson(file));
  const idempotencyKey =
    kept && !kept.key ? kept.idempotencyKey : `demo-key-${randomUUID()}`;
  writePrivateJson(file, { idempotencyKey });
  const { apiKey, secret } = await api.post(
    '/api-keys',
    {
      label: 'Demo key of npm start',
      projectId: demoKeyProjectId,
      owner: { kind: 'project' },
    },
    { 'idempotency-key': idempotencyKey },
  );
  if (secret === null) {
    // Made by a start that ended before it could keep the secret.
    await api.post(`/api-keys/${apiKey.id}/revoke`);
    rmSync(file);
    return createDemoKey(api, dataDir);
  }
  const key = { id: apiKey.id, secret };
  writePrivateJson(file, { idempotencyKey, key });
  return key;
};
