import {
  isBudgetCounter,
  MAX_AMOUNT,
  readGauge,
  SUBJECT_KINDS,
  type BudgetThreshold,
  type DegradedMode,
  type LimitAmount,
  type LimitSubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { z } from 'zod';
import type { Policy } from '../policies/Policy';
import type { CompiledRule, Rule } from './Rule';
import type { BudgetRow, LimitRow, PolicyRow, RuleRow } from './RuleRow';

export type CompiledRules =
  | { readonly ok: true; readonly rules: readonly CompiledRule[] }
  /** What is wrong and where, for an operator. */
  | { readonly ok: false; readonly reason: string };

const percentSchema = z.number().int().min(1).max(1000);
const thresholdsSchema = z.array(
  z.discriminatedUnion('action', [
    z.object({ percent: percentSchema, action: z.literal('notify') }),
    z.object({
      percent: percentSchema,
      action: z.literal('throttle'),
      requestsPerMinute: z.number().int().positive(),
    }),
    z.object({
      percent: percentSchema,
      action: z.literal('downshift'),
      model: z.string().min(1),
    }),
    z.object({ percent: percentSchema, action: z.literal('block') }),
  ]),
) satisfies z.ZodType<BudgetThreshold[]>;

/** A rule that this gateway does not understand, or that cannot hold. Caught below: it never leaves this file. */
class Unfit extends Error {}

/** Compiles limits, budgets and policies, or refuses them all with the reason: half of what limits spending is never in force. */
export function compileRules(rows: readonly RuleRow[]): CompiledRules {
  const rules: CompiledRule[] = [];
  for (const row of rows) {
    try {
      rules.push({ row, rule: row.removed ? null : compile(row) });
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      return {
        ok: false,
        reason: `the ${row.table} of ${row.subjectKind} '${row.subjectId}' ${error.message}`,
      };
    }
  }
  return { ok: true, rules };
}

function compile(row: RuleRow): Rule {
  switch (row.table) {
    case 'limit':
      return compileLimit(row);
    case 'budget':
      return compileBudget(row);
    case 'policy':
      return { kind: 'policy', policy: compilePolicy(row) };
    default: {
      const impossible: never = row;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

function compileLimit(row: LimitRow): Rule {
  const gauge = readGauge(row.measure, row.window);
  if (typeof gauge === 'string' || gauge.measure === 'money') {
    throw new Unfit(
      `is on '${row.measure}' by '${row.window}', which this gateway does not count; run a newer one`,
    );
  }
  const whenDegraded = degradedOf(row);
  return {
    kind: 'limit',
    limit: {
      subject: subjectOf(row),
      ...gauge,
      amount: amountOf(row),
      ...(whenDegraded && { whenDegraded }),
    },
  };
}

function compileBudget(row: BudgetRow): Rule {
  const gauge = readGauge('money', row.window);
  const subject = subjectOf(row);
  if (typeof gauge === 'string') {
    throw new Unfit(`is by '${row.window}', which is no window for money`);
  }
  const counter = { subject, ...gauge };
  if (!isBudgetCounter(counter)) {
    throw new Unfit(`is by '${row.window}', which is no window for money`);
  }
  const thresholds = thresholdsSchema.safeParse(row.thresholds);
  if (!thresholds.success) {
    throw new Unfit(
      `has thresholds that this gateway does not understand; run a newer one`,
    );
  }
  if (row.refusalStatus !== 402 && row.refusalStatus !== 429) {
    throw new Unfit(`refuses with ${row.refusalStatus}`);
  }
  const whenDegraded = degradedOf(row);
  return {
    kind: 'budget',
    budget: {
      subject,
      window: counter.window,
      amount: amountOf(row),
      thresholds: thresholds.data.sort((a, b) => a.percent - b.percent),
      refusalStatus: row.refusalStatus,
      ...(whenDegraded && { whenDegraded }),
    },
  };
}

function compilePolicy(row: PolicyRow): Policy {
  const { whenExceeded, bodyCapture } = row;
  if (whenExceeded !== 'refuse' && whenExceeded !== 'clamp') {
    throw new Unfit(`says '${whenExceeded}' of what is exceeded`);
  }
  if (
    bodyCapture !== null &&
    bodyCapture !== 'off' &&
    bodyCapture !== 'metadata' &&
    bodyCapture !== 'full'
  ) {
    throw new Unfit(`says '${bodyCapture}' of bodies`);
  }
  return {
    subject: subjectOf(row),
    allowedModels: row.allowedModels && new Set(row.allowedModels),
    deniedModels: new Set(row.deniedModels),
    allowedEndpoints: row.allowedEndpoints && new Set(row.allowedEndpoints),
    deniedEndpoints: new Set(row.deniedEndpoints),
    maxContextTokens: row.maxContextTokens,
    maxOutputTokens: row.maxOutputTokens,
    whenExceeded,
    bodyCapture: bodyCapture && {
      mode: bodyCapture,
      maxBytes: row.bodyCaptureMaxBytes,
    },
  };
}

function subjectOf({ subjectKind, subjectId }: RuleRow): LimitSubject {
  const kind = SUBJECT_KINDS.find(known => known === subjectKind);
  if (!kind) {
    throw new Unfit('is on a kind of subject that this gateway does not know');
  }
  return Object.freeze({ kind, id: subjectId });
}

function amountOf({ amount, fraction }: LimitRow | BudgetRow): LimitAmount {
  if (amount !== null && fraction === null) {
    const exact = BigInt(amount);
    if (exact <= 0n || exact > BigInt(MAX_AMOUNT)) {
      throw new Unfit(
        `is ${amount}; what is counted is at least 1 and at most ${MAX_AMOUNT}`,
      );
    }
    return { kind: 'absolute', amount: exact };
  }
  if (amount !== null || fraction === null || !isPart(fraction)) {
    throw new Unfit('is neither an amount nor a fraction above 0 and up to 1');
  }
  return { kind: 'fraction', fraction };
}

function degradedOf({
  whenDegraded,
  degradedFraction,
}: LimitRow | BudgetRow): DegradedMode | undefined {
  switch (whenDegraded) {
    case null:
      return undefined;
    case 'share':
    case 'deny':
      return { mode: whenDegraded };
    case 'cap':
      if (degradedFraction !== null && isPart(degradedFraction)) {
        return { mode: 'cap', fraction: degradedFraction };
      }
      throw new Unfit('has a cap for degraded operation that is no fraction');
    default:
      throw new Unfit(
        `says '${whenDegraded}' of degraded operation, which this gateway does not know`,
      );
  }
}

function isPart(fraction: number): boolean {
  return fraction > 0 && fraction <= 1;
}
