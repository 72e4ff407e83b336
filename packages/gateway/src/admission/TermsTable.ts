import type { KeyRecord } from '../keys/KeyRecord';
import type { CompletionHistories } from '../limits/CompletionHistories';
import type { RuleChain } from '../rules/RuleChain';
import type { ServedModel } from '../snapshot/Snapshot';
import { termsOf, type Terms } from './Terms';

/** Terms by the chains that they are made of: they live as long, and are made anew when a model has another configuration. */
export class TermsTable {
  readonly #byChain = new WeakMap<RuleChain, Terms>();
  readonly #histories: CompletionHistories;

  constructor(histories: CompletionHistories) {
    this.#histories = histories;
  }

  /** @param chain - of this key and this model, and of no other */
  of(chain: RuleChain, key: KeyRecord, model: ServedModel): Terms {
    const known = this.#byChain.get(chain);
    if (known?.model === model) return known;
    const terms = termsOf(chain, key, model, this.#histories);
    this.#byChain.set(chain, terms);
    return terms;
  }
}
