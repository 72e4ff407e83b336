import type { Knex } from 'knex';
import { createHash } from 'node:crypto';

/** Invalid statement name, duplicate prepared statement: what stands between us and the server gives each transaction another connection. */
const NOT_PREPARED = new Set(['26000', '42P05']);

/**
 * A statement that is run again and again, and that each connection reads and plans but once: for one of a hundred lines that takes longer than
 * to run it for a dozen rows.
 *
 * A plan that serves all values is made without them. So a value that is a whole batch belongs into a `SELECT` of its own, as in
 * `unnest((SELECT ?::text::some_row[]))`: the planner, who would read it to guess how many rows there are, leaves it alone.
 */
export class PreparedStatement {
  readonly #knex: Knex;
  readonly #sql: string;
  readonly #timeoutMs: number;
  /** Of its text, so that it never means another version's. */
  readonly #name: string;
  /** Not where connections are pooled in between, by transaction, by what does not know of prepared statements. */
  #isPrepared = true;

  /** @param options - `sql`: with `?` for each value; `timeoutMs`: a server that hangs is as one that is away */
  static create(options: {
    knex: Knex;
    sql: string;
    timeoutMs: number;
  }): PreparedStatement {
    return new PreparedStatement(options);
  }

  private constructor(options: { knex: Knex; sql: string; timeoutMs: number }) {
    this.#knex = options.knex;
    this.#sql = options.sql;
    this.#timeoutMs = options.timeoutMs;
    this.#name = `ai_gateway_${createHash('sha256').update(options.sql).digest('hex').slice(0, 16)}`;
  }

  /** @returns the rows that it gives */
  async run<Row>(values: ReadonlyArray<Buffer | null>): Promise<Row[]> {
    if (this.#isPrepared) {
      try {
        return await this.#run<Row>(values, { name: this.#name });
      } catch (error) {
        // Found out before anything was done.
        if (!NOT_PREPARED.has(sqlState(error))) throw error;
        this.#isPrepared = false;
      }
    }
    return this.#run<Row>(values, {});
  }

  async #run<Row>(
    values: ReadonlyArray<Buffer | null>,
    options: { readonly name?: string },
  ): Promise<Row[]> {
    const { rows }: { rows: Row[] } = await this.#knex
      .raw(this.#sql, values)
      .options(options)
      .timeout(this.#timeoutMs);
    return rows;
  }
}

/** Of an error of the server; empty for any other. */
export function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
