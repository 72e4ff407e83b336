import type { Knex } from 'knex';
import { hostname } from 'node:os';
import type { Configuration } from '../snapshot/Configuration';
import type { Log } from '../telemetry/log';
import { DatabaseReplicaStore } from './DatabaseReplicaStore';
import { Heartbeat } from './Heartbeat';

/** Has the control plane told that this gateway is there, what it runs, and up to where it knows the configuration and the keys. */
export function startHeartbeat(options: {
  readonly id: string;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly configuration: Configuration;
  readonly leaving: () => boolean;
  readonly knex: Knex;
  readonly monotonic: () => number;
  readonly log: Log;
}): Heartbeat {
  const { id, version, startedAt, configuration, monotonic } = options;
  const since = (known: {
    readonly revision: number;
    readonly at: number;
  }) => ({
    revision: known.revision,
    ageMs: Math.round(monotonic() - known.at),
  });
  const heartbeat = Heartbeat.start({
    store: DatabaseReplicaStore.create(options),
    log: options.log,
    describe: () => {
      const { revision, appliedAt, refusedBecause, keys, restoredKeys } =
        configuration.applied;
      return {
        id,
        hostname: hostname(),
        version,
        startedAt,
        state: options.leaving() ? 'draining' : 'ready',
        appliedRevision: revision,
        appliedAt,
        keys: keys && since(keys),
        restoredKeys: restoredKeys && since(restoredKeys),
        configurationError: refusedBecause,
      };
    },
  });
  configuration.onChange(() => void heartbeat.beat());
  return heartbeat;
}
