/** What a limit or a budget is put on, from the narrowest to the widest. @public */
export const SUBJECT_KINDS = [
  'key',
  'user',
  'app',
  'subscription',
  'project',
  'business-unit',
  'organisation',
] as const;

/** @public */
export type LimitSubjectKind = (typeof SUBJECT_KINDS)[number];

/** @public */
export interface LimitSubject {
  readonly kind: LimitSubjectKind;
  readonly id: string;
}

/** What is counted. Money in nano-dollars. @public */
export const LIMIT_MEASURES = [
  'requests',
  'tokens',
  'concurrency',
  'money',
] as const;

/** @public */
export type LimitMeasure = (typeof LIMIT_MEASURES)[number];

/** The windows that follow the calendar, in UTC; a week begins on Monday. @public */
export type CalendarWindow = 'day' | 'week' | 'month';

/** The windows in which spending adds up and whose sum the ledger can tell. @public */
export type BudgetWindow = CalendarWindow | 'total';

/** `minute` slides; `none` belongs to what is counted at an instant. @public */
export const LIMIT_WINDOWS = [
  'minute',
  'day',
  'week',
  'month',
  'total',
  'none',
] as const;

/** @public */
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];

/** The windows that a measure can be counted in. @public */
export const WINDOWS_OF_MEASURE = {
  requests: ['minute', 'day', 'week', 'month', 'total'],
  tokens: ['minute', 'day', 'week', 'month', 'total'],
  concurrency: ['none'],
  money: ['day', 'week', 'month', 'total'],
} as const satisfies Record<LimitMeasure, readonly LimitWindow[]>;

/** A measure in a window that goes with it. @public */
export type LimitGauge = {
  [M in LimitMeasure]: {
    readonly measure: M;
    readonly window: (typeof WINDOWS_OF_MEASURE)[M][number];
  };
}[LimitMeasure];

/** One thing that is counted: of whom, what, and over which time. @public */
export type LimitCounter = { readonly subject: LimitSubject } & LimitGauge;

/**
 * The largest amount that is counted, in whatever unit: 2⁵³ − 1, so about nine million dollars in nano-dollars.
 *
 * Counters live in Lua as well as in JavaScript, and both calculate with doubles, which hold every whole number up to here and not
 * beyond. A larger limit is refused where it is set; nothing is rounded where it is counted.
 *
 * @public
 */
export const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

/** Whether a number can be counted exactly. @public */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * An amount of money as it is counted.
 *
 * @throws RangeError beyond {@link MAX_AMOUNT}, or below zero
 * @public
 */
export function toAmount(nanoUsd: bigint): number {
  const amount = Number(nanoUsd);
  if (!isAmount(amount) || BigInt(amount) !== nanoUsd) {
    throw new RangeError(
      `${nanoUsd} nano-dollars cannot be counted: the amount must be between 0 and ${MAX_AMOUNT}`,
    );
  }
  return amount;
}

/** The name of a counter, unique among all of them: `project:payments:tokens:minute`. @public */
export function counterName(counter: LimitCounter): string {
  const { subject, measure, window } = counter;
  return `${subject.kind}:${subject.id}:${measure}:${window}`;
}

/** Whether what was spent in a counter is known to the ledger. @public */
export function isBudgetCounter(
  counter: LimitCounter,
): counter is LimitCounter & { readonly window: BudgetWindow } {
  return counter.window !== 'minute' && counter.window !== 'none';
}
