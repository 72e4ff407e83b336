// @ts-check
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} StackSecrets
 * @property {string} keyPepper keys the digests of API keys
 * @property {string} seedToken lets the demo data in through the control plane
 * @property {string} simulatorApiKey what the provider simulator asks for
 * @property {string} postgresPassword of the embedded PostgreSQL
 */

const names = /** @type {const} */ ([
  'keyPepper',
  'seedToken',
  'simulatorApiKey',
  'postgresPassword',
]);

/**
 * Writes a file only its owner can read, whole or not at all.
 *
 * @param {string} file
 * @param {unknown} value
 */
export const writePrivateJson = (file, value) => {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify(value, null, 2)}\n`, {
    mode: 0o600,
  });
  renameSync(partial, file);
};

/**
 * @param {string} file
 * @returns {unknown} undefined when there is no such file
 */
export const readJson = file => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
};

/**
 * The secrets of this machine's stack, made at random the first time and kept.
 * One that a later version adds is added to the file.
 *
 * @param {string} dataDir
 * @returns {StackSecrets}
 */
export const loadSecrets = dataDir => {
  const file = path.join(dataDir, 'secrets.json');
  const kept = /** @type {Partial<StackSecrets>} */ (readJson(file) ?? {});
  const secrets = /** @type {StackSecrets} */ (
    Object.fromEntries(
      names.map(name => [
        name,
        kept[name] ?? randomBytes(32).toString('base64url'),
      ]),
    )
  );
  if (names.some(name => kept[name] !== secrets[name])) {
    writePrivateJson(file, secrets);
  }
  return secrets;
};
