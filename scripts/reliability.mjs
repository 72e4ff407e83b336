#!/usr/bin/env node
// @ts-check
/**
 * `npm run reliability -- <scenario> [--short|--long]`: brings a supported Node
 * and the dependencies, and hands over to
 * `reliability/src/main.ts`.
 */
import { inRoot } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';
import { sayFailure } from './lib/terminal.mjs';

const main = async () => {
  await prepare();
  const { runForeground } = await import('./lib/processes.mjs');
  const { onShutdownSignal } = await import('./lib/shutdown.mjs');
  return runForeground(
    {
      command: process.execPath,
      args: [
        '--enable-source-maps',
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        'src/main.ts',
        ...process.argv.slice(2),
      ],
    },
    {
      cwd: inRoot('reliability'),
      env: process.env,
      signal: onShutdownSignal({
        onFirst: () => {},
        onInsisted: () => process.exit(130),
      }),
    },
  );
};

main().then(
  code => process.exit(code),
  error => {
    sayFailure(error);
    process.exit(1);
  },
);
