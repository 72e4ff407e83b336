import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { resolve } from 'node:path';

const ROOT = resolvePackagePath('@ai-gateway/reliability', '..');

/** The folder of a package of this repository. */
export function packageFolder(...path: string[]): string {
  return resolve(ROOT, ...path);
}

/** How to run a program of this repository that is written in TypeScript. */
export const RUN_TYPESCRIPT = [
  '--enable-source-maps',
  '--require',
  require.resolve('@backstage/cli/config/nodeTransform.cjs'),
];

/** The environment of such a program: nothing that is set for the runner alone. */
export function nodeEnvironment(
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, ...env } = process.env;
  return {
    ...env,
    // Compiled code is kept: gateways are started hundreds of times.
    NODE_COMPILE_CACHE: packageFolder('node_modules/.cache/ai-gateway/node'),
    ...more,
  };
}
