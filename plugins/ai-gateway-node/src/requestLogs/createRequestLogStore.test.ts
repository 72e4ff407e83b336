import knexFactory from 'knex';
import { ClickHouseRequestLogStore } from './ClickHouseRequestLogStore';
import { createRequestLogStore } from './createRequestLogStore';
import { DatabaseRequestLogStore } from './DatabaseRequestLogStore';
import type { RequestLogSettings } from './readRequestLogSettings';

const knex = knexFactory({ client: 'pg' });
const POSTGRESQL: RequestLogSettings = {
  store: { kind: 'postgresql' },
  capture: { mode: 'off', maxBytes: 1 },
  retentionDays: 1,
};
const CLICKHOUSE: RequestLogSettings = {
  ...POSTGRESQL,
  store: {
    kind: 'clickhouse',
    url: 'http://127.0.0.1:1',
    database: 'd',
    usernameRef: null,
    passwordRef: 'env://CH_PASSWORD',
  },
};

describe('createRequestLogStore', () => {
  it('opens the store that the settings name', async () => {
    const options = { knex, env: { CH_PASSWORD: 'x' }, now: () => 0 };
    expect(
      createRequestLogStore({ ...options, settings: POSTGRESQL }),
    ).toBeInstanceOf(DatabaseRequestLogStore);
    const store = createRequestLogStore({ ...options, settings: CLICKHOUSE });
    expect(store).toBeInstanceOf(ClickHouseRequestLogStore);
    await store.close();
  });

  it('says which credential is not there', () => {
    expect(() =>
      createRequestLogStore({
        knex,
        env: {},
        now: () => 0,
        settings: CLICKHOUSE,
      }),
    ).toThrow(
      'aiGateway.requestLogs.clickhouse.passwordRef: The environment variable CH_PASSWORD is not set',
    );
  });
});
