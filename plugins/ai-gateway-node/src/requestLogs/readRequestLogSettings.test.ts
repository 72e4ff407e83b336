import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readRequestLogSettings } from './readRequestLogSettings';

const read = (requestLogs: JsonObject) =>
  readRequestLogSettings(new ConfigReader({ aiGateway: { requestLogs } }));

describe('readRequestLogSettings', () => {
  it('keeps logs in PostgreSQL for 30 days, without bodies, unless told otherwise', () => {
    expect(readRequestLogSettings(new ConfigReader({}))).toEqual({
      store: { kind: 'postgresql' },
      capture: { mode: 'off', maxBytes: 65_536 },
      retentionDays: 30,
    });
  });

  it('reads where ClickHouse is and where its credentials are', () => {
    expect(
      read({
        store: 'clickhouse',
        clickhouse: {
          url: 'https://clickhouse.example.com:8443',
          usernameRef: 'env://CLICKHOUSE_USER',
          passwordRef: 'env://CLICKHOUSE_PASSWORD',
        },
        capture: 'full',
        captureMaxBytes: 1000,
        retentionDays: 7,
      }),
    ).toEqual({
      store: {
        kind: 'clickhouse',
        url: 'https://clickhouse.example.com:8443',
        database: 'ai_gateway',
        usernameRef: 'env://CLICKHOUSE_USER',
        passwordRef: 'env://CLICKHOUSE_PASSWORD',
      },
      capture: { mode: 'full', maxBytes: 1000 },
      retentionDays: 7,
    });
  });

  it('takes the false that YAML makes of off for off', () => {
    expect(read({ capture: false }).capture.mode).toBe('off');
    expect(read({ capture: 'off' }).capture.mode).toBe('off');
  });

  const clickhouse = { url: 'http://localhost:8123' };
  it.each<[JsonObject, RegExp]>([
    [{ store: 'mysql' }, /requestLogs\.store: use postgresql or clickhouse/],
    [{ store: 'clickhouse' }, /clickhouse\.url: missing/],
    [{ store: 'clickhouse', clickhouse: { url: 'x:1' } }, /clickhouse\.url/],
    [
      { store: 'clickhouse', clickhouse: { ...clickhouse, database: 'a;b' } },
      /clickhouse\.database/,
    ],
    [{ capture: true }, /capture: use off, metadata, full/],
    [{ capture: 'everything' }, /capture: use off, metadata, full/],
    [{ captureMaxBytes: 2_000_000 }, /captureMaxBytes/],
    [{ retentionDays: 0 }, /retentionDays/],
    [{ retentionDays: 1.5 }, /retentionDays/],
  ])('refuses %p', (settings, message) => {
    expect(() => read(settings)).toThrow(message);
  });

  it.each<JsonObject>([
    { url: 'http://me:hunter2@localhost:8123' },
    { ...clickhouse, passwordRef: 'hunter2' },
    { ...clickhouse, usernameRef: 'hunter2' },
  ])('refuses a credential in the configuration without repeating it', c => {
    const settings = { store: 'clickhouse', clickhouse: c };
    expect(() => read(settings)).toThrow(/Ref|credential/);
    expect(() => read(settings)).not.toThrow(/hunter2/);
  });
});
