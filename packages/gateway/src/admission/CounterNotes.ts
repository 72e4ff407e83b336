import {
  counterName,
  isBudgetCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type {
  Balance,
  EntryFigures,
  SeedNeed,
  Violation,
} from '../limits/Limiter';
import type { RuleChain } from '../rules/RuleChain';
import type { BudgetStandings } from './BudgetStandings';
import type { LedgerSeeder } from './LedgerSeeder';

/** Remembers what answers of the limiter tell of counters. */
export class CounterNotes {
  readonly #standings: Pick<BudgetStandings, 'note'>;
  readonly #seeder: Pick<LedgerSeeder, 'watch'>;

  constructor(options: {
    readonly standings: Pick<BudgetStandings, 'note'>;
    /** Learns which counters are in use. */
    readonly seeder: Pick<LedgerSeeder, 'watch'>;
  }) {
    this.#standings = options.standings;
    this.#seeder = options.seeder;
  }

  /** @param figures - by the places of what the chain counts; `null` for what was not counted */
  admitted(chain: RuleChain, figures: readonly (EntryFigures | null)[]): void {
    for (let place = 0; place < figures.length; place++) {
      const one = figures[place];
      if (one && isSeedNeed(one)) {
        this.#seeder.watch(chain.counted[place].name, one);
      }
    }
    for (const { name, place } of chain.budgets) {
      const one = figures[place];
      if (one) this.#standings.note(name, one);
    }
  }

  refused(violations: readonly Violation[]): void {
    for (const violation of violations) {
      this.#standings.note(counterName(violation.counter), violation);
    }
  }

  settled(balances: readonly Balance[]): void {
    for (const balance of balances) {
      this.#standings.note(counterName(balance.counter), balance);
    }
  }
}

/** Whether the ledger is to be asked about a counter from time to time. */
function isSeedNeed(figures: EntryFigures): figures is EntryFigures & SeedNeed {
  return figures.windowStart !== null && isBudgetCounter(figures.counter);
}
