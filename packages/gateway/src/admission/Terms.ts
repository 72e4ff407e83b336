import type { KeyRecord } from '../keys/KeyRecord';
import type {
  CompletionHabits,
  CompletionHistories,
} from '../limits/CompletionHistories';
import type { ReserveEntry } from '../limits/Limiter';
import type { CountedLimit, RuleChain } from '../rules/RuleChain';
import type { ServedModel } from '../snapshot/Snapshot';
import { ExpectedRates } from './ExpectedRates';

/** What holds for the requests of a key to a model, and all that can be made ready of it before one comes. */
export interface Terms {
  readonly chain: RuleChain;
  readonly model: ServedModel;
  readonly rates: ExpectedRates;
  readonly habits: CompletionHabits;
  /** By the places of what is counted: what every request asks alike; `null` where that depends on the request. */
  readonly fixed: readonly (ReserveEntry | null)[];
}

export function termsOf(
  chain: RuleChain,
  key: KeyRecord,
  model: ServedModel,
  histories: CompletionHistories,
): Terms {
  return {
    chain,
    model,
    rates: new ExpectedRates(model),
    habits: histories.of(key.id, model.id),
    fixed: chain.counted.map(fixedEntryOf),
  };
}

const fixedEntries = new WeakMap<CountedLimit, ReserveEntry>();

/** The like of what is made for each request, so that the limiter sees one kind of entry. What is counted alike in many chains has one. */
function fixedEntryOf(counted: CountedLimit): ReserveEntry | null {
  const { counter, limit, whenDegraded } = counted;
  const { measure } = counter;
  if (measure !== 'requests' && measure !== 'concurrency') return null;
  let entry = fixedEntries.get(counted);
  if (!entry) {
    entry = Object.freeze({
      counter,
      limit,
      amount: 1,
      least: 1,
      whenDegraded,
    });
    fixedEntries.set(counted, entry);
  }
  return entry;
}
