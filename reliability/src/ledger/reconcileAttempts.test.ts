import type { Seen } from '../load/Seen';
import type { LedgerRow } from './Ledger';
import { reconcileAttempts } from './reconcileAttempts';

const PRICE = { input: 1_000_000n, output: 1_000_000n };
const COMMON = { requestId: 'a', streamed: true, sentAt: 0, endedAt: 1 };
const COMPLETE: Seen = {
  ...COMMON,
  kind: 'complete',
  usage: { promptTokens: 2, completionTokens: 3 },
  headers: {},
};
const BROKEN: Seen = { ...COMMON, kind: 'broken', reason: 'error event' };
const REFUSED: Seen = {
  ...COMMON,
  kind: 'refused',
  status: 502,
  code: 'upstream_error',
  body: '',
  headers: {},
};

const good = (attempt: number): LedgerRow => ({
  id: `event ${attempt}`,
  requestId: 'a',
  attempt,
  outcome: 'complete',
  errorCode: null,
  usageSource: 'reported',
  inputTokens: 2,
  outputTokens: 3,
  costNanoUsd: 5n,
});
const bad = (attempt: number): LedgerRow => ({
  ...good(attempt),
  outcome: 'upstream_error',
  usageSource: 'none',
  inputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0n,
});
const cut = (attempt: number): LedgerRow => ({
  ...good(attempt),
  outcome: 'truncated',
  usageSource: 'estimated',
});

describe('reconcileAttempts', () => {
  it.each([
    ['a completion at the first attempt', COMPLETE, [good(1)]],
    ['one at the third', COMPLETE, [bad(1), bad(2), good(3)]],
    [
      'one whose first attempt had generated something',
      COMPLETE,
      [cut(1), good(2)],
    ],
    ['a stream that was cut off', BROKEN, [bad(1), cut(2)]],
    ['a refusal', REFUSED, [bad(1), bad(2)]],
    ['a refusal before any attempt', REFUSED, []],
  ])('finds nothing in %s', (_, seen, rows) => {
    expect(reconcileAttempts([seen], rows, PRICE)).toEqual([]);
  });

  it.each([
    ['a completion without a row', COMPLETE, []],
    ['one that only has failed', COMPLETE, [bad(1)]],
    ['two completions of one request', COMPLETE, [good(1), good(2)]],
    ['an attempt that stands twice', COMPLETE, [bad(1), bad(1), good(2)]],
    ['an attempt that is missing', COMPLETE, [good(2)]],
    ['a completion that its client did not see', BROKEN, [good(1)]],
    ['a wrong cost', COMPLETE, [{ ...good(1), costNanoUsd: 6n }]],
    ['a refusal that costs', REFUSED, [cut(1)]],
    [
      'nothing used that costs',
      COMPLETE,
      [{ ...bad(1), costNanoUsd: 1n }, good(2)],
    ],
  ])('finds %s', (_, seen, rows) => {
    expect(reconcileAttempts([seen], rows, PRICE)).not.toEqual([]);
  });
});
