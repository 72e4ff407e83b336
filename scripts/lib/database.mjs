// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from './terminal.mjs';

/**
 * Where the stack's PostgreSQL is: a server that is there already, or one that
 * we run ourselves.
 *
 * @typedef {{ kind: 'embedded' }} EmbeddedDatabase
 * @typedef {object} ExistingDatabase
 * @property {'existing'} kind
 * @property {string} chosenBy what asked for it
 * @property {import('pg').ClientConfig | undefined} connection undefined when
 *   the configuration does not give it in parts
 * @typedef {EmbeddedDatabase | ExistingDatabase} DatabaseChoice
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} configFiles the first is the project's own, which asks for
 *   the embedded server by its variables
 * @returns {Promise<DatabaseChoice>}
 */
export const chooseDatabase = async (env, [, ...localFiles]) => {
  const { parse } = await import('yaml');
  for (const file of localFiles.filter(name => existsSync(name)).reverse()) {
    const database = parse(readFileSync(file, 'utf8'))?.backend?.database;
    if (database) {
      return {
        kind: 'existing',
        chosenBy: `backend.database in ${path.basename(file)}`,
        connection: undefined,
      };
    }
  }
  if (env.PGHOST || env.PGPORT) {
    return {
      kind: 'existing',
      chosenBy: env.PGHOST ? 'PGHOST' : 'PGPORT',
      connection: {
        host: env.PGHOST || '127.0.0.1',
        port: Number(env.PGPORT || 5432),
        user: env.PGUSER || 'postgres',
        password: env.PGPASSWORD ?? '',
      },
    };
  }
  return { kind: 'embedded' };
};

/**
 * The settings by which every process of the stack finds the server.
 *
 * @param {import('pg').ClientConfig} connection
 * @returns {NodeJS.ProcessEnv}
 */
export const databaseEnvironment = ({ host, port, user, password }) => {
  if (typeof password === 'function') {
    throw new Refusal(
      'A password that has to be computed cannot be handed on.',
    );
  }
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
  };
};
