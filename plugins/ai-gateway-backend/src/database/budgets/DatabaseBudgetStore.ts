import type { Knex } from 'knex';
import type {
  Page,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { SubjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
import {
  amountColumns,
  amountOf,
  degradedColumns,
  degradedOf,
  type AmountRow,
} from '../limits/amountColumns';
import type { Stamp } from '../Stamp';
import {
  createdColumns,
  removedColumns,
  SUBJECT_COLUMNS,
  subjectColumns,
  updatedColumns,
  whereBelow,
  whereQueried,
  whereSubjects,
  whereWithin,
  WIDEST_FIRST,
  type SubjectQuery,
  type SubjectRecord,
} from '../subjects/subjectRows';
import type {
  BudgetFields,
  BudgetKey,
  BudgetRecord,
  BudgetStore,
} from './BudgetStore';

const COLUMNS = {
  ...SUBJECT_COLUMNS,
  window: 'time_window',
  absolute: 'amount_nano_usd',
  fraction: 'fraction',
  thresholds: 'thresholds',
  refusalStatus: 'refusal_status',
  whenDegraded: 'when_degraded',
  degradedFraction: 'degraded_fraction',
};

interface BudgetRow
  extends
    AmountRow,
    SubjectRecord,
    Pick<BudgetRecord, 'window' | 'thresholds' | 'refusalStatus' | 'note'> {
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
}

/** Keeps budgets in PostgreSQL. Of a removed one the row stays, for gateways to learn of it. */
export class DatabaseBudgetStore implements BudgetStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseBudgetStore {
    return new DatabaseBudgetStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<BudgetRecord>> {
    const filtered = whereQueried(whereWithin(this.#live(), scope), query);
    const [{ count }] = await filtered
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const items = await this.#read(
      filtered.limit(query.limit).offset(query.offset),
    );
    return { items, totalCount: Number(count) };
  }

  async get(
    id: string,
    scope: Scope<SubjectFilter>,
  ): Promise<BudgetRecord | undefined> {
    const [record] = await this.#read(
      whereWithin(this.#live(), scope).where({ id }),
    );
    return record;
  }

  async wasThere(id: string, scope: Scope<SubjectFilter>): Promise<boolean> {
    const rows = await whereWithin(this.#db('budgets'), scope)
      .where({ id })
      .select('id');
    return rows.length > 0;
  }

  async all(): Promise<BudgetRecord[]> {
    return this.#read(this.#live());
  }

  async of(
    subjects: readonly Subject[],
    window?: BudgetKey['window'],
  ): Promise<BudgetRecord[]> {
    return this.#read(whereSubjects(this.#live(), subjects), window);
  }

  async below(
    subject: Subject,
    window?: BudgetKey['window'],
  ): Promise<BudgetRecord[]> {
    return this.#read(whereBelow(this.#live(), subject), window);
  }

  async ofSubscriptions(projectId: string): Promise<BudgetRecord[]> {
    return this.#read(
      this.#live()
        .where('subject_kind', 'subscription')
        .whereRaw("split_part(subject_id, '/', 1) = ?", [projectId]),
    );
  }

  async downshiftingTo(modelId: string): Promise<Subject[]> {
    const found = await this.#read(
      this.#live().whereRaw('thresholds @> ?::jsonb', [
        JSON.stringify([{ action: 'downshift', model: modelId }]),
      ]),
    );
    return found.map(({ subject }) => subject);
  }

  async insert(
    key: BudgetKey,
    fields: BudgetFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<boolean> {
    const inserted = await this.#db('budgets')
      .insert({
        id: key.id,
        ...subjectColumns(key.subject),
        time_window: key.window,
        ...columnsOf(fields),
        ...createdColumns(stamp, revision),
      })
      .onConflict(
        this.#db.raw(
          '(subject_kind, subject_id, time_window) WHERE removed_at IS NULL',
        ),
      )
      .ignore()
      .returning('id');
    return inserted.length > 0;
  }

  async update(
    id: string,
    fields: BudgetFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<void> {
    await this.#live()
      .where({ id })
      .update({
        ...columnsOf(fields),
        ...updatedColumns(this.#db, stamp, revision),
      });
  }

  async remove(id: string, stamp: Stamp, revision: bigint): Promise<void> {
    await this.#live().where({ id }).update(removedColumns(stamp, revision));
  }

  #live(): Knex.QueryBuilder {
    return this.#db('budgets').whereNull('removed_at');
  }

  async #read(
    builder: Knex.QueryBuilder,
    window?: BudgetKey['window'],
  ): Promise<BudgetRecord[]> {
    if (window) builder.where({ time_window: window });
    const rows = await builder
      .select<BudgetRow[]>(COLUMNS)
      .orderByRaw(`${WIDEST_FIRST}, time_window`);
    return rows.map(recordOf);
  }
}

function columnsOf(fields: BudgetFields) {
  const { absolute, fraction } = amountColumns(fields.amount);
  return {
    amount_nano_usd: absolute,
    fraction,
    thresholds: JSON.stringify(fields.thresholds),
    refusal_status: fields.refusalStatus,
    ...degradedColumns(fields.whenDegraded),
    note: fields.note,
  };
}

function recordOf(row: BudgetRow): BudgetRecord {
  return {
    id: row.id,
    subject: { kind: row.subjectKind, id: row.subjectId },
    window: row.window,
    amount: amountOf(row),
    thresholds: row.thresholds,
    refusalStatus: row.refusalStatus,
    whenDegraded: degradedOf(row),
    note: row.note,
    version: row.version,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
  };
}
