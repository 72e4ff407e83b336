import type {
  DegradedMode,
  LimitAmount,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** Columns of an amount and of what becomes of it in degraded operation, as they are read. */
export interface AmountRow {
  /** `bigint` and `numeric` come as texts. */
  readonly absolute: string | null;
  readonly fraction: string | null;
  readonly whenDegraded: DegradedMode['mode'] | null;
  readonly degradedFraction: string | null;
}

/** An amount from its columns, of which the schema has exactly one. */
export function amountOf({ absolute, fraction }: AmountRow): LimitAmount {
  return absolute === null
    ? { kind: 'fraction', fraction: Number(fraction) }
    : { kind: 'absolute', amount: BigInt(absolute) };
}

/** What becomes of it in degraded operation; `null` when it does not say. */
export function degradedOf(row: AmountRow): DegradedMode | null {
  switch (row.whenDegraded) {
    case null:
      return null;
    case 'cap':
      return { mode: 'cap', fraction: Number(row.degradedFraction) };
    default:
      return { mode: row.whenDegraded };
  }
}

/** Columns of an amount: what is absolute, and what is a part. */
export function amountColumns(amount: LimitAmount): {
  absolute: string | null;
  fraction: number | null;
} {
  return amount.kind === 'absolute'
    ? { absolute: amount.amount.toString(), fraction: null }
    : { absolute: null, fraction: amount.fraction };
}

/** Columns of what becomes of it in degraded operation. */
export function degradedColumns(mode: DegradedMode | null) {
  return {
    when_degraded: mode?.mode ?? null,
    degraded_fraction: mode?.mode === 'cap' ? mode.fraction : null,
  };
}
