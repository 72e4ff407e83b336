import {
  counterName,
  type LimitCounter,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Clock } from '../../limits/clock';
import type { Hold, Limiter, Violation } from '../../limits/Limiter';
import type { RuleChain } from '../../rules/RuleChain';
import { createLog } from '../../telemetry/log';
import { amountOf } from '../allowances/lumpOf';
import { Allowances } from '../allowances/Allowances';
import type { Settleable } from '../Settleable';

const log = createLog('silent');

/** A chain that counts, each up to a limit. */
export function chainOf(
  counted: readonly {
    readonly counter: LimitCounter;
    readonly limit: number;
  }[],
): RuleChain {
  return {
    policies: [],
    budgets: [],
    countsMoney: true,
    counted: counted.map(({ counter, limit }) => ({
      counter,
      name: counterName(counter),
      limit,
      enforced: true,
      whenDegraded: { mode: 'deny' },
      refusalStatus: null,
    })),
  };
}

/** How a request was let in. */
export interface LetIn {
  readonly by: 'allowance' | 'itself';
  readonly reserved: Settleable;
}

/** Reserves as admission does: by an allowance if there is one, else each request by itself. */
export class AskingGateway {
  readonly allowances: Allowances;
  readonly #limiter: Limiter;
  readonly #clock: Clock;
  readonly #name: string;
  #ids = 0;

  constructor(options: {
    readonly limiter: Limiter;
    readonly clock: Clock;
    readonly name?: string;
    readonly store?: Hold['store'];
  }) {
    this.#limiter = options.limiter;
    this.#clock = options.clock;
    this.#name = options.name ?? 'gateway';
    this.allowances = Allowances.create({
      limiter: options.limiter,
      store: options.store ?? 'local',
      onFigures: () => {},
      log,
      monotonic: () => options.clock.monotonicMs(),
      newId: () => this.#newId(),
    });
  }

  /** `null`, or what is in the way: it is refused. */
  async ask(
    chain: RuleChain,
    { tokens = 10, money = 100 } = {},
  ): Promise<LetIn | readonly Violation[]> {
    const now = this.#clock.monotonicMs();
    const pool = this.allowances.poolOf(chain);
    const part = pool?.at(tokens, money, now)?.take(tokens, money);
    if (part) return { by: 'allowance', reserved: part };
    const amounts = { requests: 1, tokens, money };
    const result = await this.#limiter.reserve({
      holdId: this.#newId(),
      ttlMs: 60_000,
      entries: chain.counted.map(({ counter, limit }) => ({
        counter,
        limit,
        amount: amountOf(counter, amounts) ?? 1,
      })),
    });
    if (result.outcome === 'refused') return result.violations;
    if (result.outcome !== 'admitted') throw new Error(result.outcome);
    pool?.learn(result.figures, this.#clock.monotonicMs());
    const { hold } = result;
    return {
      by: 'itself',
      reserved: {
        settle: async actual => {
          await this.#limiter.settle(hold, actual);
        },
      },
    };
  }

  async letIn(
    chain: RuleChain,
    amounts?: { readonly tokens?: number; readonly money?: number },
  ): Promise<LetIn> {
    const asked = await this.ask(chain, amounts);
    if ('by' in asked) return asked;
    throw new Error(`Refused: ${JSON.stringify(asked)}`);
  }

  #newId(): string {
    return `${this.#name}-${(this.#ids += 1)}`;
  }
}
