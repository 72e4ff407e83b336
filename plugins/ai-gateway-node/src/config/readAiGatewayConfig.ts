import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { KeyDigester } from '../apiKeys';
import { AddressPolicy } from '../network';
import { SecretResolver } from '../secrets';

/** What both processes read from `aiGateway` in the configuration. @public */
export interface AiGatewayConfig {
  /** Where consumers reach the gateway, without a slash at its end and without `/v1`. */
  readonly gatewayUrl: string;
  readonly keyDigester: KeyDigester;
  readonly secrets: SecretResolver;
  readonly addresses: AddressPolicy;
}

/**
 * Reads what both processes share.
 *
 * @throws InputError that names the setting when one is missing or wrong
 * @public
 */
export function readAiGatewayConfig(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): AiGatewayConfig {
  return {
    gatewayUrl: (
      config.getOptionalString('aiGateway.gateway.publicUrl') ??
      'http://localhost:4000'
    ).replace(/\/+$/, ''),
    keyDigester: readKeyDigester(config, env),
    secrets: SecretResolver.create({
      env,
      allowedEnvironment: config.getOptionalStringArray(
        'aiGateway.secrets.allowedEnvironment',
      ) ?? ['*_API_KEY'],
    }),
    addresses: AddressPolicy.create({
      allowPrivateAddresses:
        config.getOptionalBoolean('aiGateway.network.allowPrivateAddresses') ??
        false,
    }),
  };
}

function readKeyDigester(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): KeyDigester {
  const path = 'aiGateway.keys.peppers';
  const peppers = (config.getOptionalConfigArray(path) ?? []).map(
    (pepper, index) => {
      const secretRef = pepper.getString('secretRef');
      const name = /^env:\/\/([A-Z_][A-Z0-9_]*)$/.exec(secretRef)?.[1];
      const secret = name && env[name];
      if (!secret) {
        throw new InputError(
          name
            ? `${path}[${index}]: the environment variable ${name} is not set; make a pepper with: openssl rand -hex 32`
            : `${path}[${index}].secretRef: use env://NAME`,
        );
      }
      return { version: pepper.getNumber('version'), secret };
    },
  );
  try {
    return KeyDigester.create(peppers);
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`);
  }
}
