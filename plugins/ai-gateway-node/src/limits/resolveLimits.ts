import {
  MAX_AMOUNT,
  type LimitCounter,
  type LimitSubject,
  type LimitSubjectKind,
} from './counters';
import { defaultDegradedMode } from './defaultDegradedMode';
import { describeLimitProblem } from './describeLimitProblem';
import { readGauge } from './gauges';
import type {
  LimitDefinition,
  LimitProblem,
  LimitProblemReason,
  ResolvedLimit,
} from './limitDefinition';
import { PARENT_KINDS } from './parentKinds';
import { partOf } from './partOf';

/** The limits that hold for one chain of subjects, and those that cannot hold. @public */
export interface ResolvedLimits {
  /** In the order of the subjects: the narrowest first. */
  readonly limits: readonly ResolvedLimit[];
  readonly problems: readonly LimitProblem[];
}

interface Outcome {
  readonly limit: ResolvedLimit | null;
  readonly reason: LimitProblemReason | null;
}

/** By kind of subject, of which a chain has one each, and within by measure and window. */
type LimitsOfKinds = Map<LimitSubjectKind, ReadonlyMap<string, ResolvedLimit>>;

const refuse = (reason: LimitProblemReason): Outcome => ({
  limit: null,
  reason,
});

/**
 * Says which limits hold for a request, and refuses those that contradict.
 *
 * Every subject's limits hold at once. A limit that is a fraction is that part, rounded down and at least 1, of the limit which the
 * nearest of its subject's parents ({@link PARENT_KINDS}) has for the same measure and window; it follows that one whenever it changes,
 * because it is worked out anew from the configuration each time. What a parent has may itself be a fraction.
 *
 * Refused are amounts that are zero, negative or not countable exactly, fractions outside (0, 1] or of nothing, unknown measures and
 * windows, two limits for one counter, and a child above its parent. A child above its parent still counts among `limits`, for in a
 * gateway the parent, which holds as well, was perhaps lowered since; any other refused limit does not.
 *
 * @param subjects - the chain of a request or of a subject that is being configured, from the narrowest to the widest
 * @param definitions - limits of those subjects; those of others are passed over
 * @public
 */
export function resolveLimits(
  subjects: readonly LimitSubject[],
  definitions: readonly LimitDefinition[],
): ResolvedLimits {
  const problems: LimitProblem[] = [];
  const levels: ResolvedLimit[][] = [];
  const resolved: LimitsOfKinds = new Map();

  for (const subject of [...subjects].reverse()) {
    const level: ResolvedLimit[] = [];
    const seen = new Set<string>();
    for (const definition of definitions) {
      if (!isSame(definition.subject, subject)) continue;
      const name = `${definition.measure}:${definition.window}`;
      const parent = parentOf(subject.kind, name, resolved);
      const outcome = seen.has(name)
        ? refuse('duplicate')
        : resolveOne(definition, parent);
      seen.add(name);
      if (outcome.reason) {
        problems.push({
          definition,
          reason: outcome.reason,
          message: describeLimitProblem(definition, outcome.reason, parent),
        });
      }
      if (outcome.limit) level.push(outcome.limit);
    }
    const byName = new Map<string, ResolvedLimit>();
    for (const limit of level) {
      byName.set(`${limit.counter.measure}:${limit.counter.window}`, limit);
    }
    resolved.set(subject.kind, byName);
    levels.unshift(level);
  }
  return { limits: levels.flat(), problems };
}

/** The nearest limit above, by measure and window. */
function parentOf(
  kind: LimitSubjectKind,
  name: string,
  resolved: LimitsOfKinds,
): ResolvedLimit | undefined {
  for (const parentKind of PARENT_KINDS[kind]) {
    const limit = resolved.get(parentKind)?.get(name);
    if (limit) return limit;
  }
  return undefined;
}

function resolveOne(
  definition: LimitDefinition,
  parent: ResolvedLimit | undefined,
): Outcome {
  const gauge = readGauge(definition.measure, definition.window);
  if (typeof gauge === 'string') return refuse(gauge);
  const amount = amountOf(definition, parent);
  if (typeof amount === 'string') return refuse(amount);
  const { whenDegraded } = definition;
  if (whenDegraded?.mode === 'cap' && !isPart(whenDegraded.fraction)) {
    return refuse('degraded-fraction-out-of-range');
  }
  const counter: LimitCounter = { subject: definition.subject, ...gauge };
  return {
    limit: {
      counter,
      limit: amount,
      whenDegraded: whenDegraded ?? defaultDegradedMode(gauge),
    },
    reason: parent && amount > parent.limit ? 'above-parent' : null,
  };
}

function amountOf(
  { amount }: LimitDefinition,
  parent: ResolvedLimit | undefined,
): number | LimitProblemReason {
  if (amount.kind === 'fraction') {
    if (!isPart(amount.fraction)) return 'fraction-out-of-range';
    if (!parent) return 'fraction-without-parent';
    return partOf(parent.limit, amount.fraction);
  }
  if (amount.amount === 0n) return 'zero';
  if (amount.amount < 0n) return 'negative';
  if (amount.amount > BigInt(MAX_AMOUNT)) return 'not-exact';
  return Number(amount.amount);
}

function isSame(a: LimitSubject, b: LimitSubject): boolean {
  return a.kind === b.kind && a.id === b.id;
}

function isPart(fraction: number): boolean {
  return fraction > 0 && fraction <= 1;
}
