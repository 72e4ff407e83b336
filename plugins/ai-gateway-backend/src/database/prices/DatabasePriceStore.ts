import type { Knex } from 'knex';
import { rowsOf } from '../rowsOf';
import {
  columnsOfRates,
  priceColumns,
  ratesOf,
  type PriceAmountRow,
} from './priceRow';
import type { PricePeriod, PriceRecord, PriceStore } from './PriceStore';

type PriceRow = Omit<PricePeriod, 'rates'> & PriceAmountRow;

const PERIODS = `
  SELECT pr.id, pr.deployment_id AS "deploymentId", pr.effective_from AS "effectiveFrom",
         lead(pr.effective_from) OVER (PARTITION BY pr.deployment_id ORDER BY pr.effective_from) AS "effectiveUntil",
         pr.note, pr.created_at AS "createdAt", pr.created_by AS "createdBy",
         ${priceColumns('pr')}
  FROM prices pr`;

/** Keeps prices in PostgreSQL. */
export class DatabasePriceStore implements PriceStore {
  readonly #db: Knex;

  static create(db: Knex): DatabasePriceStore {
    return new DatabasePriceStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(deploymentId: string): Promise<PricePeriod[]> {
    const rows = await rowsOf<PriceRow>(
      this.#db,
      `${PERIODS} WHERE pr.deployment_id = :deploymentId ORDER BY pr.effective_from DESC`,
      { deploymentId },
    );
    return rows.map(periodOf);
  }

  async inForce(
    deploymentIds: readonly string[],
    at: Date,
  ): Promise<Map<string, PricePeriod>> {
    const rows = await rowsOf<PriceRow>(
      this.#db,
      `SELECT * FROM (${PERIODS} WHERE pr.deployment_id = ANY(:deploymentIds)) period
       WHERE "effectiveFrom" <= :at AND ("effectiveUntil" IS NULL OR "effectiveUntil" > :at)`,
      { deploymentIds, at },
    );
    return new Map(rows.map(row => [row.deploymentId, periodOf(row)]));
  }

  async insert(price: PriceRecord): Promise<boolean> {
    const inserted = await this.#db('prices')
      .insert({
        id: price.id,
        deployment_id: price.deploymentId,
        effective_from: price.effectiveFrom,
        ...columnsOfRates(price.rates),
        note: price.note,
        created_at: price.createdAt,
        created_by: price.createdBy,
      })
      .onConflict(['deployment_id', 'effective_from'])
      .ignore()
      .returning('id');
    return inserted.length > 0;
  }
}

function periodOf(row: PriceRow): PricePeriod {
  const rates = ratesOf(row);
  // The schema has NOT NULL on both amounts that this depends on.
  if (!rates) throw new TypeError(`Price ${row.id} has no amounts`);
  return {
    id: row.id,
    deploymentId: row.deploymentId,
    effectiveFrom: row.effectiveFrom,
    effectiveUntil: row.effectiveUntil,
    rates,
    note: row.note,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
  };
}
