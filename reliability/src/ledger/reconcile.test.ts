import type { Seen } from '../load/Seen';
import type { LedgerRow } from './Ledger';
import { reconcile } from './reconcile';

const PRICE = { input: 150_000_001n, output: 600_000_007n };
const NONE = { completions: [], doubled: [], others: [] };

const seen = (requestId: string): Seen => ({
  requestId,
  streamed: true,
  sentAt: 0,
  endedAt: 1,
  kind: 'complete',
  usage: { promptTokens: 10, completionTokens: 5 },
  headers: {},
});
const broken = (requestId: string): Seen => ({
  requestId,
  streamed: true,
  sentAt: 0,
  endedAt: 1,
  kind: 'broken',
  reason: 'ECONNRESET',
});
const row = (requestId: string, more: Partial<LedgerRow> = {}): LedgerRow => ({
  id: `event of ${requestId}`,
  requestId,
  attempt: 1,
  outcome: 'complete',
  errorCode: null,
  usageSource: 'reported',
  inputTokens: 10,
  outputTokens: 5,
  // 4,500.000045 nano-dollars.
  costNanoUsd: 4_500n,
  ...more,
});
const died = (requestId: string): LedgerRow =>
  row(requestId, {
    outcome: 'truncated',
    errorCode: 'gateway_died',
    usageSource: 'estimated',
    outputTokens: 0,
    costNanoUsd: 1_500n,
  });

describe('reconcile', () => {
  it('finds nothing where the ledger is what clients saw', () => {
    expect(
      reconcile([seen('a'), broken('b')], [row('a'), died('b')], PRICE),
    ).toEqual(NONE);
  });

  it('lets a completion stand that its client did not live to see, and one that broke before it cost anything', () => {
    expect(reconcile([broken('a'), broken('b')], [row('a')], PRICE)).toEqual(
      NONE,
    );
  });

  it('finds a completion without a row', () => {
    expect(reconcile([seen('a')], [], PRICE).completions).toEqual([
      'a has no row',
    ]);
  });

  it('finds a completion that is booked as cut off', () => {
    expect(reconcile([seen('a')], [died('a')], PRICE).completions).toHaveLength(
      1,
    );
  });

  it('finds a cost that is wrong by a nano-dollar', () => {
    const rows = [row('a', { costNanoUsd: 4_501n })];
    expect(reconcile([seen('a')], rows, PRICE).completions).toHaveLength(1);
    expect(reconcile([broken('a')], rows, PRICE).others).toEqual([
      'a does not cost what its tokens do',
    ]);
  });

  it('finds tokens that differ from those that the client was told', () => {
    expect(
      reconcile([seen('a')], [row('a', { outputTokens: 6 })], PRICE)
        .completions,
    ).toHaveLength(1);
  });

  it('finds an event that stands twice, and a request that has two', () => {
    expect(reconcile([seen('a')], [row('a'), row('a')], PRICE).doubled).toEqual(
      ['event event of a', 'a has 2 rows'],
    );
  });

  it('finds a row of nobody, and one that is not marked as estimated', () => {
    expect(
      reconcile(
        [broken('a')],
        [row('a', { outcome: 'truncated' }), row('b')],
        PRICE,
      ).others,
    ).toHaveLength(2);
  });
});
