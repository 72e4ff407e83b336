import type { Knex } from 'knex';
import { join } from 'node:path';
import type { Log } from '../telemetry/log';
import { Configuration } from './Configuration';
import { ConfigurationWatcher } from './ConfigurationWatcher';
import { DatabaseConfigurationStore } from './DatabaseConfigurationStore';
import { LastGood } from './LastGood';

/** A configuration that keeps up with the control plane once it is started. */
export interface OpenConfiguration {
  readonly configuration: Configuration;
  /** Reads it, from the disk if the database is away, and follows every change from then on. */
  start(): Promise<void>;
  /** Follows no further change. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Puts together where the configuration comes from, where it is kept for bad times, and what tells of its changes. */
export function openConfiguration(options: {
  readonly knex: Knex;
  /** Where the last good one is kept. */
  readonly directory: string;
  readonly log: Log;
  readonly now: () => number;
}): OpenConfiguration {
  const { knex, directory, log, now } = options;
  const lastGood = LastGood.create({
    directory: join(directory, 'last-good'),
    log,
  });
  const configuration = Configuration.create({
    store: DatabaseConfigurationStore.create({ knex }),
    lastGood,
    log,
    now,
  });
  let watcher: ConfigurationWatcher | undefined;
  return {
    configuration,
    start: async () => {
      await configuration.refresh();
      if (!configuration.snapshot) await configuration.restore();
      watcher = ConfigurationWatcher.start({ knex, configuration, log });
    },
    stop: async () => {
      await watcher?.stop();
    },
    close: () => lastGood.close(),
  };
}
