import { KeyTable } from '../keys/KeyTable';
import { compileRules } from '../rules/compileRule';
import { RuleTable } from '../rules/RuleTable';
import type { Log } from '../telemetry/log';
import { RepeatedWarning } from '../telemetry/RepeatedWarning';
import { compileSnapshot } from './compileSnapshot';
import type { ConfigurationRows } from './ConfigurationRows';
import type {
  ConfigurationStore,
  LoadedConfiguration,
} from './ConfigurationStore';
import type { LastGood } from './LastGood';
import type { Snapshot } from './Snapshot';

export interface ConfigurationOptions {
  readonly store: ConfigurationStore;
  readonly lastGood: LastGood;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What this gateway runs, for whoever watches it. */
export interface AppliedConfiguration {
  /** 0 before the first. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly appliedAt: number | null;
  /** Why the newest configuration was refused; `null` when it was not. */
  readonly refusedBecause: string | null;
  /** The revision up to which keys are known, and since when; `null` when they were not read from the database yet. */
  readonly keys: {
    readonly revision: number;
    /** By `performance.now()`. */
    readonly at: number;
  } | null;
  /** The same of keys that it started with from the disk; `null` when it did not. */
  readonly restoredKeys: {
    readonly revision: number;
    readonly at: number;
  } | null;
}

/** Why the newest configuration cannot be read. */
export interface ConfigurationProblem {
  /** For anyone who may ask whether the gateway is ready. */
  readonly summary: string;
  /** For the log: may name hosts. */
  readonly detail: string;
}

/** Between two looks at the database on behalf of keys that are not known, so that a flood of them is no flood of queries. */
const CATCH_UP_INTERVAL_MS = 100;

/**
 * The configuration that is served: always whole, always one revision, swapped at once.
 *
 * ```
 * nothing ──restore──► last good of the disk ──refresh──► revision n ──refresh──► revision n+1
 *    └──────────────────────refresh───────────────────────┘     └─ refused: n stays, and why is kept
 * ```
 *
 * Keys go their own way: a key that was revoked is refused even while a bad configuration is. Limits, budgets and policies are applied
 * with the rest or not at all. Of both only what has changed is read, so that a change costs the same however many there are.
 */
export class Configuration {
  readonly keys = new KeyTable();
  /** Limits, budgets and policies. */
  readonly rules = new RuleTable();
  readonly #options: ConfigurationOptions;
  readonly #warning: RepeatedWarning;
  readonly #listeners: Array<() => void> = [];
  #snapshot: Snapshot | null = null;
  /** What the snapshot was compiled of. */
  #acceptedRows: ConfigurationRows | null = null;
  #appliedAt: number | null = null;
  #refusal: { readonly revision: number; readonly reason: string } | null =
    null;
  /** The revision up to which keys are known; -1: none are. */
  #keysRevision = -1;
  /** Since when, by `performance.now()`: clocks that jump date no revocation. */
  #keysAppliedAt = 0;
  #restoredKeys: AppliedConfiguration['restoredKeys'] = null;
  /** The revision up to which rules are in force; behind the one of the keys after a refusal. */
  #rulesRevision = -1;
  #schemaIsThere = false;
  #problem: ConfigurationProblem | null = {
    summary: 'The configuration has not been read yet',
    detail: '',
  };
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;
  #catchingUp: Promise<boolean> | undefined;
  #caughtUpAt = -Infinity;

  static create(options: ConfigurationOptions): Configuration {
    return new Configuration(options);
  }

  private constructor(options: ConfigurationOptions) {
    this.#options = options;
    this.#warning = RepeatedWarning.create(options);
  }

  /** `null` until there is one. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  get applied(): AppliedConfiguration {
    return {
      revision: this.#snapshot?.revision ?? 0,
      appliedAt: this.#appliedAt,
      refusedBecause: this.#refusal?.reason ?? null,
      keys:
        this.#keysRevision < 0
          ? null
          : { revision: this.#keysRevision, at: this.#keysAppliedAt },
      restoredKeys: this.#restoredKeys,
    };
  }

  /** Why the newest configuration cannot be read at the moment; `null` when it can. */
  get problem(): ConfigurationProblem | null {
    return this.#problem;
  }

  /** Calls back whenever another revision is applied or refused. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Starts from what the disk has, unless the database was quicker. */
  async restore(): Promise<void> {
    const kept = await this.#options.lastGood.read();
    if (!kept || this.#snapshot) return;
    const compiled = compileSnapshot(kept.rows);
    const rules = compileRules(kept.rules);
    if (!compiled.ok || !rules.ok) {
      this.#options.log.warn(
        { reason: reasonOf(compiled, rules) },
        'The configuration kept on disk cannot be used',
      );
      return;
    }
    // Keys may have been read from the database with a configuration that was refused: those are newer.
    if (this.#keysRevision < 0) {
      this.keys.replace(kept.keys);
      this.#restoredKeys = {
        revision: kept.rows.revision,
        at: performance.now(),
      };
    } else {
      this.#options.lastGood.keep(kept.rows, this.keys, this.rules);
    }
    this.rules.replace(rules.rules);
    this.#snapshot = compiled.snapshot;
    this.#acceptedRows = kept.rows;
    this.#appliedAt = this.#options.now();
    this.#options.log.warn(
      { revision: kept.rows.revision, keys: this.keys.size },
      'Serving the last good configuration, from disk, until the database can be read',
    );
    this.#changed();
  }

  /**
   * Reads what is new. Once it resolves, what is served is at least as new as when it was called; many calls at a time come to two reads
   * at most. Never rejects: {@link Configuration.problem} says what is wrong.
   */
  refresh(): Promise<void> {
    if (this.#queued) return this.#queued;
    if (this.#running) {
      this.#queued = this.#running.then(() => {
        this.#queued = undefined;
        return this.refresh();
      });
      return this.#queued;
    }
    this.#running = this.#read().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** For a key that is not known: whether by now all keys are that there were when it was asked. */
  catchUp(): Promise<boolean> {
    this.#catchingUp ??= this.#catchUpSoon().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #catchUpSoon(): Promise<boolean> {
    const wait = this.#caughtUpAt + CATCH_UP_INTERVAL_MS - performance.now();
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
    await this.refresh();
    this.#caughtUpAt = performance.now();
    return this.#problem === null;
  }

  async #read(): Promise<void> {
    try {
      await this.#readOrThrow();
    } catch (error) {
      this.#setProblem({
        summary: 'The database cannot be read',
        detail: describe(error),
      });
    }
  }

  async #readOrThrow(): Promise<void> {
    const { store } = this.#options;
    if (!this.#schemaIsThere) {
      const missing = await store.missingMigrations();
      if (missing.length > 0) {
        this.#setProblem({
          summary:
            "The database lacks migrations of this version: start the portal's backend, which brings it up to date",
          detail: missing.join(', '),
        });
        return;
      }
      this.#schemaIsThere = true;
    }
    const newest = await store.revision();
    // A database that was put back to an earlier state: what is known of its keys may be of a future that never was.
    if (newest < this.#keysRevision) this.#forgetRevisions();
    if (newest !== this.#keysRevision) {
      let loaded = await store.load(this.#known());
      this.#applyKeys(loaded);
      if (this.keys.size !== loaded.keyCount) {
        // Keys are revoked and not deleted; should an operator do so all the same, they are not to live on here.
        this.#forgetRevisions();
        loaded = await store.load(this.#known());
        this.#applyKeys(loaded);
      }
      this.#apply(loaded);
      if (this.#refusal === null && this.rules.size !== loaded.ruleCount) {
        // The same goes for rules.
        this.#rulesRevision = -1;
        this.#apply(await store.load(this.#known()));
      }
    }
    this.#setProblem(null);
  }

  #known(): { keys: number; rules: number } {
    return { keys: this.#keysRevision, rules: this.#rulesRevision };
  }

  #forgetRevisions(): void {
    this.#keysRevision = -1;
    this.#rulesRevision = -1;
  }

  #applyKeys({ rows, changedKeys }: LoadedConfiguration): void {
    if (this.#keysRevision < 0) this.keys.replace(changedKeys);
    else this.keys.apply(changedKeys);
    this.#keysRevision = rows.revision;
    this.#keysAppliedAt = performance.now();
  }

  #apply({ rows, changedRules }: LoadedConfiguration): void {
    const { log, lastGood, now } = this.#options;
    const compiled = compileSnapshot(rows);
    const rules = compileRules(changedRules);
    if (compiled.ok && rules.ok) {
      this.#snapshot = compiled.snapshot;
      this.#acceptedRows = rows;
      if (this.#rulesRevision < 0) this.rules.replace(rules.rules);
      else this.rules.apply(rules.rules);
      this.#rulesRevision = rows.revision;
      this.#appliedAt = now();
      this.#refusal = null;
      log.info(
        {
          revision: rows.revision,
          models: compiled.snapshot.models.size,
          keys: this.keys.size,
          rules: this.rules.size,
        },
        'Configuration applied',
      );
    } else {
      const reason = reasonOf(compiled, rules);
      this.#refusal = { revision: rows.revision, reason };
      log.error(
        {
          revision: rows.revision,
          serving: this.#snapshot?.revision ?? null,
          reason,
        },
        'Configuration refused',
      );
    }
    // After a refusal too: its keys are in force, and a revocation has to outlive a restart.
    if (this.#acceptedRows) {
      lastGood.keep(this.#acceptedRows, this.keys, this.rules);
    }
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #setProblem(problem: ConfigurationProblem | null): void {
    this.#problem = problem;
    if (problem === null) {
      this.#warning.over('The database can be read again');
    } else {
      this.#warning.say(`${problem.summary}: ${problem.detail}`);
    }
  }
}

type Compiled = { ok: true } | { ok: false; reason: string };

/** What is wrong of what was compiled. */
function reasonOf(...compiled: readonly Compiled[]): string {
  return compiled.flatMap(part => (part.ok ? [] : [part.reason])).join('; ');
}

function describe(error: unknown): string {
  // Of several addresses tried, the first tells enough.
  const first =
    error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return first instanceof Error ? first.message : String(first);
}
