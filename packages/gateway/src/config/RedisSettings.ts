import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** The Redis in which gateways count together. */
export interface RedisSettings {
  /** `redis://` or, with TLS, `rediss://`; may hold a user and a password. */
  readonly url: string;
  /** Whether it is one node of a cluster, from which the others are learned. */
  readonly cluster: boolean;
}

const PATH = 'aiGateway.gateway.redis';

/**
 * Reads `aiGateway.gateway.redis`.
 *
 * @returns `null` when there is none
 * @throws InputError that names the setting that is wrong, and never what it holds
 */
export function readRedisSettings(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): RedisSettings | null {
  const redis = config.getOptionalConfig(PATH);
  const secretRef = redis?.getOptionalString('secretRef');
  const url =
    secretRef === undefined
      ? redis?.getOptionalString('url')
      : secretOf(secretRef, env);
  if (!redis || !url) return null;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new InputError(
      `${PATH}: the address must be redis://host:port, or rediss://host:port for TLS`,
    );
  }
  return { url, cluster: redis.getOptionalBoolean('cluster') ?? false };
}

function secretOf(
  secretRef: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const name = /^env:\/\/([A-Z_][A-Z0-9_]*)$/.exec(secretRef)?.[1];
  const secret = name && env[name];
  if (!secret) {
    throw new InputError(
      name
        ? `${PATH}.secretRef: the environment variable ${name} is not set`
        : `${PATH}.secretRef: use env://NAME`,
    );
  }
  return secret;
}
