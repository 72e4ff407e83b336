import type { Knex } from 'knex';
import type { Page } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  BudgetNoticeRecord,
  BudgetNoticeStore,
  BudgetWindowKey,
} from './BudgetNoticeStore';

const COLUMNS = {
  budgetId: 'budget_id',
  windowStart: 'window_start',
  percent: 'percent',
  spent: 'spent_nano_usd',
  amount: 'amount_nano_usd',
  noticedAt: 'noticed_at',
};

type BudgetNoticeRow = Omit<BudgetNoticeRecord, 'spent' | 'amount'> & {
  spent: string;
  amount: string;
};

/** Keeps budget notices in PostgreSQL, whose primary key lets each be there once. */
export class DatabaseBudgetNoticeStore implements BudgetNoticeStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseBudgetNoticeStore {
    return new DatabaseBudgetNoticeStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async list(
    budgetId: string,
    page: { limit: number; offset: number },
  ): Promise<Page<BudgetNoticeRecord>> {
    const ofBudget = this.#db('budget_notices').where({ budget_id: budgetId });
    const [{ count }] = await ofBudget
      .clone()
      .count<Array<{ count: string }>>({ count: '*' });
    const rows = await ofBudget
      .select<BudgetNoticeRow[]>(COLUMNS)
      .orderBy([
        { column: 'window_start', order: 'desc' },
        { column: 'percent', order: 'desc' },
      ])
      .limit(page.limit)
      .offset(page.offset);
    return { items: rows.map(recordOf), totalCount: Number(count) };
  }

  async of(windows: readonly BudgetWindowKey[]): Promise<BudgetNoticeRecord[]> {
    if (windows.length === 0) return [];
    const rows = await this.#db('budget_notices')
      .whereRaw(
        '(budget_id, window_start) IN (SELECT * FROM unnest(?::uuid[], ?::timestamptz[]))',
        [
          windows.map(({ budgetId }) => budgetId),
          windows.map(({ windowStart }) => windowStart.toISOString()),
        ],
      )
      .select<BudgetNoticeRow[]>(COLUMNS)
      .orderBy('percent');
    return rows.map(recordOf);
  }

  async add(
    notices: readonly BudgetNoticeRecord[],
  ): Promise<BudgetNoticeRecord[]> {
    if (notices.length === 0) return [];
    const rows: BudgetNoticeRow[] = await this.#db('budget_notices')
      .insert(
        notices.map(notice => ({
          budget_id: notice.budgetId,
          window_start: notice.windowStart,
          percent: notice.percent,
          spent_nano_usd: notice.spent.toString(),
          amount_nano_usd: notice.amount.toString(),
          noticed_at: notice.noticedAt,
        })),
      )
      .onConflict(['budget_id', 'window_start', 'percent'])
      .ignore()
      .returning(
        Object.entries(COLUMNS).map(([name, column]) =>
          this.#db.ref(column).as(name),
        ),
      );
    return rows.map(recordOf);
  }
}

function recordOf(row: BudgetNoticeRow): BudgetNoticeRecord {
  return { ...row, spent: BigInt(row.spent), amount: BigInt(row.amount) };
}
