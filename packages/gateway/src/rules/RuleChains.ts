import { isDeepStrictEqual } from 'node:util';
import type { KeyRecord } from '../keys/KeyRecord';
import { resolveChain, subjectsOf } from './resolveChain';
import type { CountedLimit, RuleChain } from './RuleChain';
import type { RuleTable } from './RuleTable';

/** More than the keys that a gateway serves within a change of rules or two; then it begins anew. */
const MAX_CHAINS = 50_000;

const NOTHING_HOLDS: RuleChain = Object.freeze({
  policies: [],
  counted: [],
  budgets: [],
  countsMoney: false,
});

interface Kept {
  readonly key: KeyRecord;
  readonly businessUnit: string;
  readonly chain: RuleChain;
}

/** What holds for a key and a model: worked out at their first request after a change of rules, and looked up from then on. */
export class RuleChains {
  readonly #table: RuleTable;
  readonly #kept = new Map<string, Map<string, Kept>>();
  /** By their names: what many chains count alike is one object, so that whoever keeps something of it keeps it once. */
  readonly #counted = new Map<string, CountedLimit>();
  #version = -1;
  #size = 0;

  static create(options: { table: RuleTable }): RuleChains {
    return new RuleChains(options.table);
  }

  private constructor(table: RuleTable) {
    this.#table = table;
  }

  of(key: KeyRecord, modelId: string, businessUnit: string): RuleChain {
    if (this.#table.size === 0) return NOTHING_HOLDS;
    if (this.#version !== this.#table.version || this.#size >= MAX_CHAINS) {
      this.#kept.clear();
      this.#counted.clear();
      this.#size = 0;
      this.#version = this.#table.version;
    }
    const kept = this.#kept.get(key.id)?.get(modelId);
    // A record stands for a state of its key: one that was changed is another.
    if (kept?.key === key && kept.businessUnit === businessUnit) {
      return kept.chain;
    }
    const { counted, ...rest } = resolveChain(
      subjectsOf(key, modelId, businessUnit),
      subject => this.#table.of(subject),
    );
    const chain = { ...rest, counted: counted.map(one => this.#share(one)) };
    this.#keep(key.id, modelId, { key, businessUnit, chain });
    return chain;
  }

  #share(counted: CountedLimit): CountedLimit {
    const known = this.#counted.get(counted.name);
    if (known && isSame(known, counted)) return known;
    const counter = known?.counter ?? Object.freeze(counted.counter);
    const shared = Object.freeze({ ...counted, counter });
    this.#counted.set(counted.name, shared);
    return shared;
  }

  #keep(keyId: string, modelId: string, kept: Kept): void {
    const models = this.#kept.get(keyId) ?? new Map<string, Kept>();
    this.#kept.set(keyId, models);
    if (!models.has(modelId)) this.#size += 1;
    models.set(modelId, kept);
  }
}

function isSame(a: CountedLimit, b: CountedLimit): boolean {
  return (
    a.limit === b.limit &&
    a.enforced === b.enforced &&
    a.refusalStatus === b.refusalStatus &&
    isDeepStrictEqual(a.whenDegraded, b.whenDegraded)
  );
}
