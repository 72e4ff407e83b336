import type { Findings } from '../Findings';
import type { Seen } from '../load/Seen';
import type { Price } from './exactCost';
import { describeBalance, sameBalance, type Ledger } from './Ledger';
import { reconcile } from './reconcile';

const SETTLE_MS = 60_000;

/** Waits until the ledger has what clients saw, and checks that it has exactly that. */
export async function checkLedger(
  findings: Findings,
  options: { ledger: Ledger; seen: readonly Seen[]; price: Price },
): Promise<void> {
  const { ledger, seen, price } = options;
  const complete = seen.filter(({ kind }) => kind === 'complete').length;
  await ledger.settled(complete, SETTLE_MS);
  const rows = await ledger.rows();
  const { completions, doubled, others } = reconcile(seen, rows, price);
  findings.figure('completions seen', complete);
  findings.figure('ledger rows', rows.length);
  findings.checkNone(
    'each completion that a client saw has one row, with its tokens and exactly its cost',
    completions,
  );
  findings.checkNone('no event and no request stands twice', doubled);
  findings.checkNone(
    'every other row is marked as what it is: estimated, or complete at its cost',
    others,
  );
  const events = await ledger.balance();
  const hours = await ledger.hourlyBalance();
  findings.check(
    'the hourly sums are those of the events',
    sameBalance(events, hours),
    `${describeBalance(events)} against ${describeBalance(hours)}`,
  );
}
