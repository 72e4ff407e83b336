import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readGatewaySettings } from './GatewaySettings';

const read = (gateway: JsonObject) =>
  readGatewaySettings(
    new ConfigReader({ aiGateway: { gateway } }),
    '/srv',
    null,
  );

describe('readGatewaySettings', () => {
  it('syncs usage before an answer ends, unless told otherwise', () => {
    expect(read({}).spoolSync).toBe('always');
    expect(read({ spool: { sync: 'interval' } }).spoolSync).toBe('interval');
  });

  it('names a setting that is wrong, and what may stand there', () => {
    expect(() => read({ spool: { sync: 'never' } })).toThrow(
      "aiGateway.gateway.spool.sync must be 'always' or 'interval', not 'never'",
    );
    expect(() => read({ upstream: { idleTimeoutMs: 0 } })).toThrow(
      'aiGateway.gateway.upstream.idleTimeoutMs must be a whole number of at least 1, not 0',
    );
  });
});
