import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import { SecretResolver } from '../secrets';
import { ClickHouseRequestLogStore } from './ClickHouseRequestLogStore';
import { DatabaseRequestLogStore } from './DatabaseRequestLogStore';
import type { RequestLogSettings } from './readRequestLogSettings';
import type { RequestLogStore } from './RequestLogStore';

/**
 * Opens the store that the settings name.
 *
 * @throws InputError when a credential that the settings refer to is not there
 * @public
 */
export function createRequestLogStore(options: {
  settings: RequestLogSettings;
  /** The database of the plugin. */
  knex: Knex;
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  now: () => number;
}): RequestLogStore {
  const { store } = options.settings;
  if (store.kind === 'postgresql') {
    return DatabaseRequestLogStore.create(options);
  }
  // Which variables these are is the operator's word in the configuration, so that the patterns for providers do not apply.
  const secrets = SecretResolver.create({
    env: options.env,
    allowedEnvironment: ['*'],
  });
  const credential = (name: 'usernameRef' | 'passwordRef') => {
    const secretRef = store[name];
    if (secretRef === null) return undefined;
    const found = secrets.resolve(secretRef);
    if (!found.ok) {
      throw new InputError(
        `aiGateway.requestLogs.clickhouse.${name}: ${found.reason}`,
      );
    }
    return found.secret;
  };
  return ClickHouseRequestLogStore.create({
    url: store.url,
    database: store.database,
    username: credential('usernameRef'),
    password: credential('passwordRef'),
  });
}
