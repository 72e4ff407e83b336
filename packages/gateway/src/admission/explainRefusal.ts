import { nanoToUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import {
  counterName,
  isBudgetCounter,
  type LimitCounter,
  type LimitWindow,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { refuse, type ErrorCode, type Refusal } from '../errors/registry';
import type { Violation } from '../limits/Limiter';
import { levelName } from '../rules/levelName';
import type { CountedLimit, RuleChain } from '../rules/RuleChain';

/** So long a client may wait and ask again by itself. */
const WORTH_WAITING_MS = 90_000;

/** What is in the way of a request, for programs. Money is an exact decimal string of dollars, everything else a number. */
export interface ViolatedLimit {
  readonly level: string;
  readonly subject: string;
  readonly measure: string;
  readonly window: string;
  readonly unit: 'usd' | 'tokens' | 'requests';
  readonly limit: string | number;
  readonly spent: string | number;
  readonly reserved: string | number;
  /** The least that this request takes. */
  readonly asked: string | number;
  /** When there will be room; `null`: not by itself. */
  readonly clears_at: string | null;
  readonly retry_after_seconds: number | null;
  /** Whether a budget that is nearly spent has lowered it. */
  readonly throttled: boolean;
}

/**
 * The refusal of a request that limits or budgets are in the way of: it names all of them, and the one that is in the way for longest
 * decides over code and status.
 *
 * @param chain - what holds for the request
 * @param now - milliseconds since the epoch
 */
export function explainRefusal(
  violations: readonly [Violation, ...Violation[]],
  chain: RuleChain,
  now: number,
): Refusal {
  const longest = violations.reduce((a, b) =>
    (b.clearsInMs ?? Infinity) > (a.clearsInMs ?? Infinity) ? b : a,
  );
  const waits = violations.map(({ retryAfterMs }) => retryAfterMs ?? Infinity);
  const waitMs = Math.max(...waits);
  const code = codeOf(longest.counter);
  const refusal = refuse(
    code,
    { message: sentence(longest, chain, now) },
    Number.isFinite(waitMs) ? secondsOf(waitMs) : null,
  );
  return {
    ...refusal,
    status:
      code === 'budget_exceeded'
        ? (declared(longest, chain)?.refusalStatus ?? refusal.status)
        : refusal.status,
    retryable: waitMs <= WORTH_WAITING_MS,
    details: {
      limits: violations.map(violation => tell(violation, chain, now)),
    },
  };
}

function codeOf(
  counter: LimitCounter,
): Extract<
  ErrorCode,
  | 'rate_limit_exceeded'
  | 'concurrency_limit_exceeded'
  | 'quota_exceeded'
  | 'budget_exceeded'
> {
  if (counter.measure === 'concurrency') return 'concurrency_limit_exceeded';
  if (counter.measure === 'money') return 'budget_exceeded';
  return isBudgetCounter(counter) ? 'quota_exceeded' : 'rate_limit_exceeded';
}

function tell(
  violation: Violation,
  chain: RuleChain,
  now: number,
): ViolatedLimit {
  const { counter, limit, spent, reserved, least } = violation;
  const { subject, measure, window } = counter;
  const amount = (n: number) =>
    measure === 'money' ? nanoToUsd(BigInt(n)) : n;
  return {
    level: subject.kind,
    subject: subject.id,
    measure,
    window,
    unit: unitOf(counter),
    limit: amount(limit),
    spent: amount(spent),
    reserved: amount(reserved),
    asked: amount(least),
    clears_at: clearsAt(violation, now),
    retry_after_seconds:
      violation.retryAfterMs === null
        ? null
        : secondsOf(violation.retryAfterMs),
    throttled: isThrottled(violation, chain),
  };
}

/** What was declared of the counter that is in the way. */
function declared(
  { counter }: Violation,
  { counted }: RuleChain,
): CountedLimit | undefined {
  const name = counterName(counter);
  return counted.find(known => known.name === name);
}

/** Only a rate is lowered by a budget; any limit is lower while counters cannot be shared. */
function isThrottled(violation: Violation, chain: RuleChain): boolean {
  const name = counterName(violation.counter);
  return chain.budgets.some(({ actions }) =>
    actions.some(
      action =>
        action.kind === 'throttle' &&
        chain.counted[action.place].name === name &&
        violation.limit === action.requestsPerMinute,
    ),
  );
}

function unitOf({ measure }: LimitCounter): ViolatedLimit['unit'] {
  switch (measure) {
    case 'money':
      return 'usd';
    case 'tokens':
      return 'tokens';
    case 'requests':
    case 'concurrency':
      return 'requests';
    default: {
      const impossible: never = measure;
      throw new TypeError(`Unknown measure: ${impossible}`);
    }
  }
}

function sentence(violation: Violation, chain: RuleChain, now: number): string {
  const { counter, limit, spent, reserved, least } = violation;
  const amount = (n: number) => inWords(counter, n);
  const level = levelName(counter.subject);
  if (counter.measure === 'concurrency') {
    return `${capital(level)} may have ${amount(limit)} under way at once, and has ${reserved}. Try again when one of them is over.`;
  }
  const held =
    reserved > 0
      ? ` and ${amount(reserved)} reserved by requests under way`
      : '';
  const because = isThrottled(violation, chain)
    ? ', as its budget is nearly spent'
    : '';
  const end =
    least > limit
      ? `This request takes at least ${amount(least)}, which never fits.`
      : clearing(violation, now);
  return `${capital(level)} may use ${amount(limit)} ${period(counter.window)}${because}: ${amount(spent)} used${held}, and this request takes at least ${amount(least)}. ${end}`;
}

function clearing(violation: Violation, now: number): string {
  const at = clearsAt(violation, now);
  return at === null
    ? 'That does not clear by itself: ask whoever set it for more.'
    : `There is room again by ${at}.`;
}

function clearsAt({ clearsInMs }: Violation, now: number): string | null {
  return clearsInMs === null ? null : new Date(now + clearsInMs).toISOString();
}

function inWords(counter: LimitCounter, n: number): string {
  switch (counter.measure) {
    case 'money':
      return `$${nanoToUsd(BigInt(n))}`;
    case 'tokens':
      return `${n} ${n === 1 ? 'token' : 'tokens'}`;
    case 'requests':
    case 'concurrency':
      return `${n} ${n === 1 ? 'request' : 'requests'}`;
    default: {
      const impossible: never = counter;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

function period(window: LimitWindow): string {
  switch (window) {
    case 'total':
      return 'in total';
    case 'none':
      return 'at once';
    case 'minute':
    case 'day':
    case 'week':
    case 'month':
      return `a ${window}`;
    default: {
      const impossible: never = window;
      throw new TypeError(`Unknown window: ${impossible}`);
    }
  }
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
