#!/usr/bin/env node
// @ts-check
/**
 * `npm run openapi`: writes the OpenAPI documents that are generated from the
 * contract. With `--check` writes nothing and fails when they are out of date.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRoot, rootDir } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { Refusal, say, sayFailure } from './lib/terminal.mjs';

/** Which exported function of the contract's package makes which file. */
const documents = {
  controlPlaneOpenApi: inRoot('plugins/ai-gateway-backend/openapi.json'),
  gatewayOpenApi: inRoot('packages/gateway/openapi.json'),
};

/**
 * The contract is TypeScript, so its documents are made in a process that can
 * load it, and come back as JSON.
 *
 * @returns {Record<string, unknown>}
 */
const generate = () => {
  const source = `
    const openapi = require('@ai-gateway/backstage-plugin-ai-gateway-common/openapi');
    const documents = Object.fromEntries(
      ${JSON.stringify(Object.keys(documents))}.map(name => [name, openapi[name]()]),
    );
    process.stdout.write(JSON.stringify(documents));
  `;
  const made = spawnSync(
    process.execPath,
    ['--require', '@backstage/cli/config/nodeTransform.cjs', '--eval', source],
    {
      // From a package that depends on the contract, as Node resolves from here.
      cwd: inRoot('plugins', 'ai-gateway-backend'),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (made.status !== 0) {
    throw new Refusal(
      'The OpenAPI documents could not be generated.',
      made.stderr.trim().split('\n'),
    );
  }
  return JSON.parse(made.stdout);
};

/** @param {string} file */
const current = file => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const main = async () => {
  const check = process.argv.includes('--check');
  await prepare();
  const generated = generate();
  const { default: prettier } = await import('prettier');
  let outdated = 0;
  for (const [name, file] of Object.entries(documents)) {
    const text = await prettier.format(JSON.stringify(generated[name]), {
      ...(await prettier.resolveConfig(file)),
      filepath: file,
    });
    const shown = path.relative(rootDir, file);
    if (current(file) === text) {
      say(`${shown} is up to date`);
    } else if (check) {
      outdated += 1;
      say(`${shown} is OUT OF DATE`);
    } else {
      writeFileSync(file, text);
      say(`${shown} written`);
    }
  }
  if (outdated > 0) {
    throw new Refusal('The contract has changed. Run: npm run openapi');
  }
};

main().then(
  () => process.exit(0),
  error => {
    sayFailure(error);
    process.exit(1);
  },
);
