import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readRedisSettings } from './RedisSettings';

const PATH = 'aiGateway.gateway.workers';

/**
 * How many processes serve, by `aiGateway.gateway.workers`.
 *
 * @param cores - what `auto` comes to
 * @throws InputError when that is no number of processes, or they would have nothing to count limits together in
 */
export function readWorkers(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  cores: number,
): number {
  const setting = config.getOptional(PATH) ?? 1;
  const workers = setting === 'auto' ? cores : Number(setting);
  if (!Number.isInteger(workers) || workers < 1 || workers > 256) {
    throw new InputError(
      `${PATH} must be 'auto' or a whole number from 1 to 256, not ${JSON.stringify(setting)}`,
    );
  }
  if (workers > 1 && readRedisSettings(config, env) === null) {
    throw new InputError(
      `${PATH}: ${workers} processes need a Redis to count limits and budgets together (aiGateway.gateway.redis); each on its own would admit all that is allowed. Configure one, or set ${PATH} to 1`,
    );
  }
  return workers;
}
