import type { Knex } from 'knex';
import {
  ORGANISATION_ID,
  type NanoUsd,
  type Subject,
  type SubjectKind,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { rowsOf } from '../rowsOf';
import { subjectName } from '../subjects/SubjectStore';
import type { SpendingStore } from './SpendingStore';

/** Of each kind of subject: what names it in a row of usage, and which rows are looked at, so that an index finds them. */
const OF_KIND: Record<SubjectKind, { id: string; where: string }> = {
  key: { id: 'api_key_id', where: 'api_key_id = ANY(:ids)' },
  user: {
    id: 'owner_ref',
    where: "owner_kind = 'user' AND owner_ref = ANY(:ids)",
  },
  app: {
    id: 'owner_ref',
    where: "owner_kind = 'app' AND owner_ref = ANY(:ids)",
  },
  subscription: {
    id: "project_id || '/' || model_id",
    where: `project_id IN (SELECT split_part(id, '/', 1) FROM unnest(CAST(:ids AS text[])) id)
            AND project_id || '/' || model_id = ANY(:ids)`,
  },
  project: { id: 'project_id', where: 'project_id = ANY(:ids)' },
  'business-unit': {
    id: 'business_unit',
    where: 'business_unit = ANY(:ids)',
  },
  organisation: {
    id: `CAST('${ORGANISATION_ID}' AS text)`,
    where: `'${ORGANISATION_ID}' = ANY(:ids)`,
  },
};

/** Sums spending from the hourly sums in PostgreSQL. */
export class DatabaseSpendingStore implements SpendingStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseSpendingStore {
    return new DatabaseSpendingStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async within(
    { from, until }: { from: Date; until: Date | null },
    subjects: readonly Subject[],
  ): Promise<Map<string, NanoUsd>> {
    const spent = new Map<string, NanoUsd>();
    const kinds = [...new Set(subjects.map(({ kind }) => kind))];
    for (const kind of kinds) {
      const { id, where } = OF_KIND[kind];
      const ids = subjects.filter(s => s.kind === kind).map(s => s.id);
      const rows = await rowsOf<{ id: string; spent: string }>(
        this.#db,
        `SELECT ${id} AS id, sum(cost_nano_usd) AS spent FROM usage_hourly
         WHERE hour >= :from AND hour < coalesce(CAST(:until AS timestamptz), 'infinity') AND ${where}
         GROUP BY 1`,
        { from, until, ids },
      );
      for (const row of rows) {
        spent.set(subjectName({ kind, id: row.id }), BigInt(row.spent));
      }
    }
    return spent;
  }
}
