import type { StoredKey } from '../keys/StoredKey';
import type { RuleRow } from '../rules/RuleRow';
import type { ConfigurationRows } from './ConfigurationRows';

/** Everything of one moment. */
export interface LoadedConfiguration {
  readonly rows: ConfigurationRows;
  /** Keys that changed after the revision that was asked for. */
  readonly changedKeys: readonly StoredKey[];
  /** How many keys there are in all, so that a reader notices when some are gone. */
  readonly keyCount: number;
  /** Limits, budgets and policies that changed after the revision that was asked for. */
  readonly changedRules: readonly RuleRow[];
  /** How many of them hold. */
  readonly ruleCount: number;
}

/** Up to which revisions something is known; -1: nothing is. */
export interface KnownRevisions {
  readonly keys: number;
  readonly rules: number;
}

/** Reads what the control plane writes. */
export interface ConfigurationStore {
  /** Names of the migrations that this build needs and the database lacks. */
  missingMigrations(): Promise<string[]>;
  /** The newest revision. */
  revision(): Promise<number>;
  /**
   * The configuration, the keys and the rules of one and the same moment.
   *
   * @param known - of keys and rules, only those with a later revision are read
   */
  load(known: KnownRevisions): Promise<LoadedConfiguration>;
}
