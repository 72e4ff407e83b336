// @ts-check
import path from 'node:path';
import { inRoot } from './paths.mjs';

/**
 * The processes of the stack, as data: what runs where, with what, and how one
 * sees that it is ready.
 *
 * @typedef {Record<'portal' | 'backend' | 'gateway' | 'simulator' | 'postgres', number>} StackPorts
 * @typedef {import('./secrets.mjs').StackSecrets} StackSecrets
 * @typedef {import('./processes.mjs').ProcessSpec} ProcessSpec
 */

/** @type {Readonly<StackPorts>} */
export const preferredPorts = {
  portal: 3000,
  backend: 7007,
  gateway: 4000,
  simulator: 4010,
  postgres: 15432,
};

/**
 * Addresses for people and browsers say `localhost`, as sign-in needs one
 * name; the servers listen on 127.0.0.1, and so do we ask there.
 *
 * @param {StackPorts} ports
 */
export const stackUrls = ports => ({
  portal: `http://localhost:${ports.portal}`,
  backend: `http://localhost:${ports.backend}`,
  gateway: `http://localhost:${ports.gateway}`,
  simulator: `http://127.0.0.1:${ports.simulator}/v1`,
  probe: {
    portal: `http://127.0.0.1:${ports.portal}/`,
    backend: `http://127.0.0.1:${ports.backend}/.backstage/health/v1/readiness`,
    gateway: `http://127.0.0.1:${ports.gateway}/readyz`,
    simulator: `http://127.0.0.1:${ports.simulator}/v1/models`,
  },
  controlPlane: `http://127.0.0.1:${ports.backend}/api/ai-gateway`,
});

/**
 * What `app-config.yaml` and the processes take from the environment. A secret
 * that is set there already is kept: with a database of one's own, its keys
 * must go on being verified by the pepper that they were made with.
 *
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env
 * @param {StackPorts} options.ports
 * @param {StackSecrets} options.secrets
 * @param {string} options.dataDir
 * @returns {NodeJS.ProcessEnv}
 */
export const stackEnvironment = ({ env, ports, secrets, dataDir }) => ({
  ...env,
  NODE_ENV: 'development',
  PORTAL_PORT: String(ports.portal),
  BACKEND_PORT: String(ports.backend),
  GATEWAY_PORT: String(ports.gateway),
  SIMULATOR_PORT: String(ports.simulator),
  AI_GATEWAY_KEY_PEPPER: env.AI_GATEWAY_KEY_PEPPER || secrets.keyPepper,
  AI_GATEWAY_SEED_TOKEN: env.AI_GATEWAY_SEED_TOKEN || secrets.seedToken,
  AI_GATEWAY_SPOOL_DIR: path.join(dataDir, 'gateway', 'spool'),
  SIMULATOR_API_KEY: env.SIMULATOR_API_KEY || secrets.simulatorApiKey,
  // Compiled code kept between starts; safe to delete.
  NODE_COMPILE_CACHE: inRoot('node_modules', '.cache', 'ai-gateway', 'node'),
});

/** @param {string[]} configFiles */
const configArguments = configFiles =>
  configFiles.flatMap(file => ['--config', file]);

/**
 * Runs TypeScript as the Backstage CLI does, without its restarts on change:
 * that mode outlives a crash of what it runs, and a crash has to be seen.
 *
 * @param {string} entry
 * @param {string[]} configFiles
 */
const typeScript = (entry, configFiles) => [
  '--enable-source-maps',
  '--require',
  '@backstage/cli/config/nodeTransform.cjs',
  entry,
  ...configArguments(configFiles),
];

/**
 * @param {object} options
 * @param {NodeJS.ProcessEnv} options.env of {@link stackEnvironment}, with the
 *   database's settings
 * @param {string[]} options.configFiles absolute
 * @returns {Record<'simulator' | 'backend' | 'gateway' | 'frontend', ProcessSpec>}
 */
export const services = ({ env, configFiles }) => {
  const command = process.execPath;
  return {
    simulator: {
      name: 'simulator',
      command,
      args: typeScript('src/main.ts', []),
      cwd: inRoot('packages', 'provider-simulator'),
      env,
    },
    backend: {
      name: 'backend',
      command,
      args: typeScript('src/index.ts', configFiles),
      cwd: inRoot('packages', 'backend'),
      env,
      // Our own question whether it is ready yet.
      hide: /"GET \/\.backstage\/health\//,
    },
    gateway: {
      name: 'gateway',
      command,
      args: typeScript('src/main.ts', configFiles),
      cwd: inRoot('packages', 'gateway'),
      env,
      graceMs: 20_000, // streams under way are finished first
    },
    frontend: {
      name: 'frontend',
      command,
      args: [
        inRoot('node_modules', '@backstage', 'cli', 'bin', 'backstage-cli'),
        'package',
        'start',
        ...configArguments(configFiles),
      ],
      cwd: inRoot('packages', 'app'),
      env: { ...env, BROWSER: 'none' },
      graceMs: 5_000,
    },
  };
};
