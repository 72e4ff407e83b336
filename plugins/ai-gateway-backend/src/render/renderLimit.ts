import type { Limit } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { LimitAmount } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { StandingLimit } from '../services/LimitService';

/** A limit as the API writes it. */
export function renderLimit({ limit, standing }: StandingLimit): Limit {
  return {
    id: limit.id,
    subject: limit.subject,
    measure: limit.measure,
    window: limit.window,
    amount: renderLimitAmount(limit.amount),
    effective: standing.effective,
    problem: standing.problem?.message ?? null,
    whenDegraded: limit.whenDegraded,
    note: limit.note,
    version: limit.version,
    createdAt: limit.createdAt.toISOString(),
    createdBy: limit.createdBy,
    updatedAt: limit.updatedAt.toISOString(),
    updatedBy: limit.updatedBy,
  };
}

/** An amount that counts, as the API and the audit trail write it. */
export function renderLimitAmount(amount: LimitAmount): Limit['amount'] {
  return amount.kind === 'absolute'
    ? { kind: 'absolute', value: Number(amount.amount) }
    : { kind: 'fraction', fraction: amount.fraction };
}
