import type { Knex } from 'knex';
import type { BudgetRow, LimitRow, PolicyRow, RuleRow } from './RuleRow';

/**
 * Reads limits, budgets and policies that changed after a revision; all that hold for -1.
 *
 * @param timeoutMs - for each statement
 */
export async function readRuleRows(
  tx: Knex.Transaction,
  after: number,
  timeoutMs: number,
): Promise<RuleRow[]> {
  const changed = (table: string) => {
    const query = tx(table).where('revision', '>', after).timeout(timeoutMs);
    // Of what has been removed, only those need to know who knew of it.
    return after < 0 ? query.whereNull('removed_at') : query;
  };
  const common = {
    id: 'id',
    subjectKind: 'subject_kind',
    subjectId: 'subject_id',
    removed: tx.raw('removed_at IS NOT NULL'),
  };
  const degraded = {
    whenDegraded: 'when_degraded',
    degradedFraction: tx.raw('degraded_fraction::float8'),
  };
  const fraction = tx.raw('fraction::float8');

  const limits: Omit<LimitRow, 'table'>[] = await changed('limits').select({
    ...common,
    ...degraded,
    fraction,
    measure: 'measure',
    window: 'time_window',
    amount: 'amount',
  });
  const budgets: Omit<BudgetRow, 'table'>[] = await changed('budgets').select({
    ...common,
    ...degraded,
    fraction,
    window: 'time_window',
    amount: 'amount_nano_usd',
    thresholds: 'thresholds',
    refusalStatus: 'refusal_status',
  });
  const policies: Omit<PolicyRow, 'table'>[] = await changed('policies').select(
    {
      ...common,
      allowedModels: 'allowed_models',
      deniedModels: 'denied_models',
      allowedEndpoints: 'allowed_endpoints',
      deniedEndpoints: 'denied_endpoints',
      maxContextTokens: 'max_context_tokens',
      maxOutputTokens: 'max_output_tokens',
      whenExceeded: 'when_exceeded',
      bodyCapture: 'body_capture',
      bodyCaptureMaxBytes: 'body_capture_max_bytes',
    },
  );
  return [
    ...limits.map(row => ({ table: 'limit' as const, ...row })),
    ...budgets.map(row => ({ table: 'budget' as const, ...row })),
    ...policies.map(row => ({ table: 'policy' as const, ...row })),
  ];
}

/** How many of them hold, so that a reader notices when some are gone. */
export async function countRules(
  tx: Knex.Transaction,
  timeoutMs: number,
): Promise<number> {
  const live = (table: string) =>
    tx(table).whereNull('removed_at').count('*').as(table);
  const row: Record<string, string> | undefined = await tx
    .first(live('limits'), live('budgets'), live('policies'))
    .timeout(timeoutMs);
  return Object.values(row ?? {}).reduce((sum, n) => sum + Number(n), 0);
}
