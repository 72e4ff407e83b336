import type { Config } from '@backstage/config';
import { ConfigSources } from '@backstage/config-loader';

/**
 * Loads the configuration that the portal runs with: the files named by `--config`, or `app-config.yaml` and `app-config.local.yaml` at
 * the root of the repository, with variables of the environment put in.
 */
export async function loadConfig(options: {
  argv: string[];
  env: Record<string, string | undefined>;
}): Promise<Config> {
  const config = await ConfigSources.toConfig(
    ConfigSources.default({ ...options, watch: false }),
  );
  config.close();
  return config;
}
