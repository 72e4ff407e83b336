import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KeyTable } from '../keys/KeyTable';
import { KeyStorer, type StoredKey } from '../keys/StoredKey';
import { ruleRowSchema, type RuleRow } from '../rules/RuleRow';
import type { RuleTable } from '../rules/RuleTable';
import type { Log } from '../telemetry/log';
import {
  configurationRowsSchema,
  keyRowSchema,
  type ConfigurationRows,
} from './ConfigurationRows';

/** Rows are written in portions, so that a hundred thousand of them never hold up a request. */
const ROWS_PER_PORTION = 500;
const SETTLE_MS = 500;

/** A configuration that was served once. */
export interface KeptConfiguration {
  readonly rows: ConfigurationRows;
  readonly keys: readonly StoredKey[];
  readonly rules: readonly RuleRow[];
}

interface Due {
  readonly rows: ConfigurationRows;
  readonly keys: KeyTable;
  readonly rules: RuleTable;
}

/**
 * The last good configuration on disk, from which a gateway starts and serves while the database is away.
 *
 * Three files, each written aside and then renamed into place: `configuration.json`, `keys.jsonl` with one key a line, and `rules.jsonl`
 * with one limit, budget or policy a line, which gateways of before there were any did not write. They hold digests and references, no
 * key and no credential, and only the gateway's own user may read them.
 */
export class LastGood {
  readonly #directory: string;
  readonly #log: Log;
  #due: Due | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  static create(options: { directory: string; log: Log }): LastGood {
    return new LastGood(options.directory, options.log);
  }

  private constructor(directory: string, log: Log) {
    this.#directory = directory;
    this.#log = log;
  }

  /** What was kept; `undefined` when there is nothing, or nothing usable. */
  async read(): Promise<KeptConfiguration | undefined> {
    try {
      const rows = configurationRowsSchema.parse(
        JSON.parse(await readFile(this.#path('configuration.json'), 'utf8')),
      );
      const keys: StoredKey[] = [];
      const storer = new KeyStorer();
      for await (const row of this.#lines('keys.jsonl')) {
        keys.push(storer.store(keyRowSchema.parse(row)));
      }
      return { rows, keys, rules: await this.#readRules() };
    } catch (error) {
      if (!isMissing(error)) {
        this.#log.warn({ err: error }, 'The kept configuration is unreadable');
      }
      return undefined;
    }
  }

  async #readRules(): Promise<RuleRow[]> {
    const rules: RuleRow[] = [];
    try {
      for await (const row of this.#lines('rules.jsonl')) {
        rules.push(ruleRowSchema.parse(row));
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return rules;
  }

  async *#lines(name: string): AsyncGenerator<unknown> {
    const lines = createInterface({
      input: createReadStream(this.#path(name)),
      crlfDelay: Infinity,
    });
    for await (const line of lines) yield JSON.parse(line);
  }

  /** Writes soon; changes that come in a burst are written once. */
  keep(rows: ConfigurationRows, keys: KeyTable, rules: RuleTable): void {
    this.#due = { rows, keys, rules };
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write());
    }, SETTLE_MS);
  }

  /** Writes what is still to be written. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.#write();
  }

  async #write(): Promise<void> {
    const due = this.#due;
    if (!due) return;
    this.#due = undefined;
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await chmod(this.#directory, 0o700);
      // These first: with keys that are newer than the configuration nothing is wrong, the other way a key could be missed.
      await this.#replace('keys.jsonl', linesOf(due.keys.rows()));
      await this.#replace('rules.jsonl', linesOf(due.rules.rows()));
      await this.#replace('configuration.json', [JSON.stringify(due.rows)]);
    } catch (error) {
      this.#log.error({ err: error }, 'The configuration could not be kept');
    }
  }

  async #replace(
    name: string,
    parts: AsyncIterable<string> | Iterable<string>,
  ): Promise<void> {
    const aside = `${this.#path(name)}.new`;
    const file = await open(aside, 'w', 0o600);
    try {
      for await (const part of parts) await file.write(part);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(aside, this.#path(name));
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

/** @param rows - those of one moment, whatever changes between portions */
async function* linesOf(rows: Iterable<unknown>): AsyncGenerator<string> {
  let portion = '';
  let count = 0;
  for (const row of rows) {
    portion += `${JSON.stringify(row)}\n`;
    count += 1;
    if (count % ROWS_PER_PORTION === 0) {
      yield portion;
      portion = '';
      await nextTurn();
    }
  }
  yield portion;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
