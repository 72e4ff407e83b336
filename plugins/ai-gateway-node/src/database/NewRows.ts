import type { Knex } from 'knex';
import { PreparedStatement, sqlState } from './PreparedStatement';

const UNIQUE_VIOLATION = '23505';

/**
 * Inserts batches of which each row is to be there once, however often it is brought.
 *
 * Nearly all batches are all new, and to insert rows of which none is there takes PostgreSQL a fifth less than to look, for each, whether it is.
 * So a batch is taken for new; should it not be, nothing of it has been inserted, and the statement that looks does it.
 */
export class NewRows {
  readonly #new: PreparedStatement;
  readonly #any: PreparedStatement;

  /**
   * @param options - `ifNew`: a statement that fails when a row is there already or comes twice; `ifAny`: one that leaves such out; `timeoutMs`:
   *   of each
   */
  static create(options: {
    knex: Knex;
    ifNew: string;
    ifAny: string;
    timeoutMs: number;
  }): NewRows {
    return new NewRows(options);
  }

  private constructor(options: {
    knex: Knex;
    ifNew: string;
    ifAny: string;
    timeoutMs: number;
  }) {
    const { knex, timeoutMs } = options;
    this.#new = PreparedStatement.create({
      knex,
      sql: options.ifNew,
      timeoutMs,
    });
    this.#any = PreparedStatement.create({
      knex,
      sql: options.ifAny,
      timeoutMs,
    });
  }

  /** @returns the rows that the statement gives */
  async insert<Row>(values: ReadonlyArray<Buffer | null>): Promise<Row[]> {
    try {
      return await this.#new.run<Row>(values);
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      return this.#any.run<Row>(values);
    }
  }
}
