import { nanoToUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { LIMIT_MEASURES, LIMIT_WINDOWS, MAX_AMOUNT } from './counters';
import type {
  LimitDefinition,
  LimitProblemReason,
  ResolvedLimit,
} from './limitDefinition';

/** A sentence that tells whoever set a limit why it cannot be. */
export function describeLimitProblem(
  definition: LimitDefinition,
  reason: LimitProblemReason,
  parent: ResolvedLimit | undefined,
): string {
  const { subject, measure, window, amount } = definition;
  const of = `of ${subject.kind} '${subject.id}'`;
  const per = window === 'none' ? '' : ` per ${window}`;
  const what =
    measure === 'money'
      ? `The budget ${of}${per}`
      : `The limit ${of} on ${measure}${per}`;
  const written = (count: bigint) =>
    measure === 'money' ? `${nanoToUsd(count)} dollars` : `${count}`;
  const parentName =
    parent &&
    `${parent.counter.subject.kind} '${parent.counter.subject.id}', which has ${written(BigInt(parent.limit))}`;
  const asked =
    amount.kind === 'absolute' ? written(amount.amount) : `${amount.fraction}`;
  switch (reason) {
    case 'unknown-measure':
      return `'${measure}' cannot be limited; what can: ${LIMIT_MEASURES.join(', ')}.`;
    case 'unknown-window':
      return `'${window}' is not a window; there are: ${LIMIT_WINDOWS.join(', ')}.`;
    case 'window-does-not-fit-measure':
      return `${what} cannot be: ${measure} has no window '${window}'.`;
    case 'zero':
      return `${what} is zero, which would refuse every request. Take the access away instead.`;
    case 'negative':
      return `${what} is negative: ${asked}.`;
    case 'not-exact':
      return `${what} is ${asked}; the most that is counted exactly is ${written(BigInt(MAX_AMOUNT))}.`;
    case 'fraction-out-of-range':
      return `${what} is the fraction ${asked}; a fraction is above 0 and at most 1.`;
    case 'fraction-without-parent':
      return `${what} is a fraction of what the levels above have, and none of them has such a limit.`;
    case 'above-parent':
      return `${what} is ${asked}, above that of ${parentName}.`;
    case 'degraded-fraction-out-of-range':
      return `${what} has a cap for degraded operation that is not above 0 and at most 1.`;
    case 'duplicate':
      return `${what} is set twice.`;
    default: {
      const impossible: never = reason;
      throw new TypeError(`Unknown reason: ${impossible}`);
    }
  }
}
