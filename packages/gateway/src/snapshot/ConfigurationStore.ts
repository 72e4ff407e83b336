import type { ConfigurationRows, KeyRow } from './ConfigurationRows';

/** Everything of one moment. */
export interface LoadedConfiguration {
  readonly rows: ConfigurationRows;
  /** Keys that changed after the revision that was asked for. */
  readonly changedKeys: readonly KeyRow[];
  /** How many keys there are in all, so that a reader notices when some are gone. */
  readonly keyCount: number;
}

/** Reads what the control plane writes. */
export interface ConfigurationStore {
  /** Names of the migrations that this build needs and the database lacks. */
  missingMigrations(): Promise<string[]>;
  /** The newest revision. */
  revision(): Promise<number>;
  /**
   * The configuration and the keys of one and the same moment.
   *
   * @param keysAfter - only keys with a later revision are read; -1 for all
   */
  load(keysAfter: number): Promise<LoadedConfiguration>;
}
