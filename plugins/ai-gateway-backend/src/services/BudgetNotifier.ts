import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import {
  BUDGET_THRESHOLD_TOPIC,
  type BudgetThresholdEvent,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { windowStartOf } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { isReached } from '../budgets/reached';
import type { BudgetNoticeRecord } from '../database/budgets/BudgetNoticeStore';
import type { BudgetRecord } from '../database/budgets/BudgetStore';
import type { Stores } from '../database/Stores';
import { renderBudgetNotice } from '../render/renderBudget';
import { standingsOf, type StandingBudget } from './BudgetStandings';

/** How long after its end a window is still looked at: gateways book what was used a little later. */
const AFTERMATH_MS = 3_600_000;

interface BudgetNotifierOptions {
  readonly stores: Pick<
    Stores,
    'budgets' | 'budgetNotices' | 'spending' | 'subjects'
  >;
  readonly events: Pick<EventsService, 'publish'>;
  readonly logger: LoggerService;
  readonly clock: () => number;
}

/**
 * Compares what the ledger says is spent with the thresholds of budgets, and tells of each that is reached once for each window.
 *
 * Once, because whoever adds the notice's row tells of it, and its primary key lets one add it. Budgets whose thresholds were all told of
 * in their window are not summed up again, and those of ended windows only for an hour, if they were there before the end.
 */
export class BudgetNotifier {
  readonly #options: BudgetNotifierOptions;

  static create(options: BudgetNotifierOptions): BudgetNotifier {
    return new BudgetNotifier(options);
  }

  private constructor(options: BudgetNotifierOptions) {
    this.#options = options;
  }

  /** Tells of what is new, and gives how much that was. */
  async run(): Promise<number> {
    const { stores, clock } = this.#options;
    const budgets = await stores.budgets.all();
    if (budgets.length === 0) return 0;
    const now = clock();
    const earlier = now - AFTERMATH_MS;
    const pending = [
      ...(await this.#pending(budgets, now)),
      ...(await this.#pending(
        budgets.filter(({ window, createdAt }) => {
          const start = windowStartOf(window, now);
          // What was spent before there was a budget in any part of a window is no news of that budget.
          return (
            windowStartOf(window, earlier) !== start &&
            createdAt.getTime() < start
          );
        }),
        earlier,
      )),
    ];
    let count = 0;
    for (const standing of pending) {
      count += await this.#tell(standing, new Date(now));
    }
    return count;
  }

  /** Where budgets stand in the window of a moment, of those that have thresholds which were not told of there. */
  async #pending(
    budgets: readonly BudgetRecord[],
    at: number,
  ): Promise<PendingBudget[]> {
    const { budgetNotices } = this.#options.stores;
    const notices = await budgetNotices.of(
      budgets.map(budget => ({
        budgetId: budget.id,
        windowStart: new Date(windowStartOf(budget.window, at)),
      })),
    );
    const noticed = new Set(notices.map(noticeName));
    const isPending = (budgetId: string, percent: number) =>
      !noticed.has(noticeName({ budgetId, percent }));
    const standings = await standingsOf(
      this.#options.stores,
      budgets.filter(({ id, thresholds }) =>
        thresholds.some(({ percent }) => isPending(id, percent)),
      ),
      at,
    );
    return standings.map(standing => ({
      ...standing,
      pending: standing.budget.thresholds.filter(({ percent }) =>
        isPending(standing.budget.id, percent),
      ),
    }));
  }

  async #tell(standing: PendingBudget, noticedAt: Date): Promise<number> {
    const { budget, effective, spent, windowStart } = standing;
    if (effective === null) return 0;
    const added = await this.#options.stores.budgetNotices.add(
      standing.pending
        .filter(({ percent }) => isReached(percent, spent, effective))
        .map(({ percent }) => ({
          budgetId: budget.id,
          windowStart,
          percent,
          spent,
          amount: effective,
          noticedAt,
        })),
    );
    for (const notice of added) await this.#publish(standing, notice);
    return added.length;
  }

  async #publish(
    { budget, windowEnd }: StandingBudget,
    notice: BudgetNoticeRecord,
  ): Promise<void> {
    const threshold = budget.thresholds.find(
      ({ percent }) => percent === notice.percent,
    );
    const eventPayload: BudgetThresholdEvent = {
      ...renderBudgetNotice(notice),
      subject: budget.subject,
      window: budget.window,
      windowEnd: windowEnd?.toISOString() ?? null,
      note: budget.note,
      action: threshold?.action ?? 'notify',
    };
    try {
      await this.#options.events.publish({
        topic: BUDGET_THRESHOLD_TOPIC,
        eventPayload,
      });
    } catch (error) {
      // The notice is kept and shown; to tell of it again would be to tell some of it twice.
      this.#options.logger.warn(
        `That ${notice.percent} percent of budget ${budget.id} are spent could not be told`,
        toError(error),
      );
    }
  }
}

interface PendingBudget extends StandingBudget {
  readonly pending: BudgetRecord['thresholds'];
}

function noticeName(
  notice: Pick<BudgetNoticeRecord, 'budgetId' | 'percent'>,
): string {
  return `${notice.budgetId} ${notice.percent}`;
}
