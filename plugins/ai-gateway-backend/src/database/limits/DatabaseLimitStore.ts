import type { Knex } from 'knex';
import type {
  Page,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { SubjectFilter } from '../../permissions/resources';
import type { Scope } from '../../permissions/Scope';
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
import {
  amountColumns,
  amountOf,
  degradedColumns,
  degradedOf,
  type AmountRow,
} from './amountColumns';
import type {
  LimitFields,
  LimitGaugeFields,
  LimitKey,
  LimitRecord,
  LimitStore,
} from './LimitStore';

const COLUMNS = {
  ...SUBJECT_COLUMNS,
  measure: 'measure',
  window: 'time_window',
  absolute: 'amount',
  fraction: 'fraction',
  whenDegraded: 'when_degraded',
  degradedFraction: 'degraded_fraction',
};

interface LimitRow extends AmountRow, LimitGaugeFields, SubjectRecord {
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
  readonly note: string;
}

/** Keeps limits in PostgreSQL. Of a removed one the row stays, for gateways to learn of it. */
export class DatabaseLimitStore implements LimitStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseLimitStore {
    return new DatabaseLimitStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<LimitRecord>> {
    const filtered = whereQueried(whereWithin(this.#live(), scope), query);
    const [{ count }] = await filtered
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const rows = await filtered
      .select<LimitRow[]>(COLUMNS)
      .orderByRaw(`${WIDEST_FIRST}, measure, time_window`)
      .limit(query.limit)
      .offset(query.offset);
    return { items: rows.map(recordOf), totalCount: Number(count) };
  }

  async get(
    id: string,
    scope: Scope<SubjectFilter>,
  ): Promise<LimitRecord | undefined> {
    const [row] = await whereWithin(this.#live(), scope)
      .where({ id })
      .select<LimitRow[]>(COLUMNS);
    return row && recordOf(row);
  }

  async wasThere(id: string, scope: Scope<SubjectFilter>): Promise<boolean> {
    const rows = await whereWithin(this.#db('limits'), scope)
      .where({ id })
      .select('id');
    return rows.length > 0;
  }

  async of(
    subjects: readonly Subject[],
    gauge?: LimitGaugeFields,
  ): Promise<LimitRecord[]> {
    return this.#read(whereSubjects(this.#live(), subjects), gauge);
  }

  async below(
    subject: Subject,
    gauge?: LimitGaugeFields,
  ): Promise<LimitRecord[]> {
    return this.#read(whereBelow(this.#live(), subject), gauge);
  }

  async insert(
    key: LimitKey,
    fields: LimitFields,
    stamp: Stamp,
    revision: bigint,
  ): Promise<boolean> {
    const inserted = await this.#db('limits')
      .insert({
        id: key.id,
        ...subjectColumns(key.subject),
        measure: key.measure,
        time_window: key.window,
        ...columnsOf(fields),
        ...createdColumns(stamp, revision),
      })
      .onConflict(
        this.#db.raw(
          '(subject_kind, subject_id, measure, time_window) WHERE removed_at IS NULL',
        ),
      )
      .ignore()
      .returning('id');
    return inserted.length > 0;
  }

  async update(
    id: string,
    fields: LimitFields,
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
    return this.#db('limits').whereNull('removed_at');
  }

  async #read(
    builder: Knex.QueryBuilder,
    gauge: LimitGaugeFields | undefined,
  ): Promise<LimitRecord[]> {
    if (gauge) {
      builder.where({ measure: gauge.measure, time_window: gauge.window });
    }
    const rows = await builder
      .select<LimitRow[]>(COLUMNS)
      .orderByRaw(`${WIDEST_FIRST}, measure, time_window`);
    return rows.map(recordOf);
  }
}

function columnsOf({ amount, whenDegraded, note }: LimitFields) {
  const { absolute, fraction } = amountColumns(amount);
  return {
    amount: absolute,
    fraction,
    ...degradedColumns(whenDegraded),
    note,
  };
}

function recordOf(row: LimitRow): LimitRecord {
  return {
    id: row.id,
    subject: { kind: row.subjectKind, id: row.subjectId },
    measure: row.measure,
    window: row.window,
    amount: amountOf(row),
    whenDegraded: degradedOf(row),
    note: row.note,
    version: row.version,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
  };
}
