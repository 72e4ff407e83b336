import type { LimitGauge } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type {
  EntryFigures,
  Hold,
  HoldEntry,
  Limiter,
  ReserveRequest,
  ReserveResult,
} from '../limits/Limiter';
import { trimmed } from '../limits/trimming';

const NOW = Date.UTC(2026, 5, 1);
const PLENTY = 9e15;

const figuresOf = (gauge: LimitGauge): EntryFigures => ({
  counter: { subject: { kind: 'organisation', id: 'default' }, ...gauge },
  limit: PLENTY,
  spent: 100,
  reserved: 100,
  remaining: PLENTY - 200,
  resetMs: 12_345,
  windowStart: gauge.window === 'month' ? NOW : null,
});

const FIGURES: Readonly<Record<string, EntryFigures>> = {
  requests: figuresOf({ measure: 'requests', window: 'minute' }),
  tokens: figuresOf({ measure: 'tokens', window: 'minute' }),
  money: figuresOf({ measure: 'money', window: 'month' }),
};

/** Grants everything, at once: for measurements of all but the limiter. */
export class GenerousLimiter implements Limiter {
  readonly #settled = Promise.resolve({
    outcome: 'settled' as const,
    balances: [],
  });

  reserve({ holdId, entries }: ReserveRequest): Promise<ReserveResult> {
    const granted: HoldEntry[] = [];
    const figures: EntryFigures[] = [];
    for (const { counter, amount } of entries) {
      const figure = FIGURES[counter.measure];
      figures.push(figure);
      const { windowStart } = figure;
      granted.push({ counter, granted: amount, windowStart });
    }
    const hold: Hold = {
      id: holdId,
      store: 'shared',
      admittedAt: NOW,
      expiresAt: NOW + 60_000,
      entries: granted,
    };
    return Promise.resolve({
      outcome: 'admitted',
      hold,
      repeated: false,
      figures,
    });
  }

  settle() {
    return this.#settled;
  }

  release() {
    return this.#settled;
  }

  trim(hold: Hold, amounts: readonly number[]) {
    return Promise.resolve(trimmed(hold, amounts));
  }

  renew() {
    return Promise.resolve([]);
  }

  seed() {
    return Promise.resolve([]);
  }

  forget() {
    return Promise.resolve();
  }

  read() {
    return Promise.resolve([]);
  }
}
