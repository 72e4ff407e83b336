import { NotFoundError } from '@backstage/errors';
import {
  usdToNano,
  type CreateBudget,
  type Page,
  type Subject,
  type UpdateBudget,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { downshiftModels, refuseDownshift } from '../budgets/refuseDownshift';
import type { CatalogDirectory } from '../catalog/CatalogDirectory';
import type { AuditEvent } from '../database/audit/AuditStore';
import type { BudgetNoticeRecord } from '../database/budgets/BudgetNoticeStore';
import type {
  BudgetFields,
  BudgetKey,
  BudgetRecord,
} from '../database/budgets/BudgetStore';
import { changesOf, isChanged } from '../database/changesOf';
import type { Stores } from '../database/Stores';
import type { SubjectQuery } from '../database/subjects/subjectRows';
import { partsOfSubscription } from '../database/subjects/SubjectStore';
import type { Writes } from '../database/Writes';
import { FieldConflictError } from '../errors';
import type { Actor } from '../http/Caller';
import { refuseContradiction } from '../limits/refuseContradiction';
import type { SubjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';
import { renderBudgetAmount } from '../render/renderBudget';
import {
  definitionOf,
  standingsOf,
  type StandingBudget,
} from './BudgetStandings';
import { refuseStale } from './stale';
import {
  chainOf,
  EVERY_SUBJECT,
  historyOf,
  projectIn,
  refuseUnknownInCatalog,
  refuseUnknownSubject,
} from './subjects';

/** A budget, where it stands, and the thresholds that were reached in the window that runs. */
export interface NoticedBudget extends StandingBudget {
  readonly notices: readonly BudgetNoticeRecord[];
}

interface BudgetServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly directory: CatalogDirectory;
  readonly clock: () => number;
  readonly newId: () => string;
}

/** What may be spent, and what happens on the way there. */
export class BudgetService {
  readonly #options: BudgetServiceOptions;

  static create(options: BudgetServiceOptions): BudgetService {
    return new BudgetService(options);
  }

  private constructor(options: BudgetServiceOptions) {
    this.#options = options;
  }

  /** The widest subject first. */
  async list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<NoticedBudget>> {
    const { items, totalCount } = await this.#options.stores.budgets.list(
      scope,
      query,
    );
    return { items: await this.standing(items), totalCount };
  }

  /** @throws NotFoundError when there is none within the scope */
  async get(id: string, scope: Scope<SubjectFilter>): Promise<NoticedBudget> {
    const budget = await this.#options.stores.budgets.get(id, scope);
    if (!budget) throw unknownBudget(id);
    const [found] = await this.standing([budget]);
    return found;
  }

  /** @throws NotFoundError when there never was one within the scope */
  async history(
    id: string,
    scope: Scope<SubjectFilter>,
    page: { limit: number; offset: number },
  ): Promise<Page<AuditEvent>> {
    return historyOf(this.#options.stores, 'budget', id, { scope, page });
  }

  /** The thresholds that were reached, newest first. @throws NotFoundError when there never was such a budget within the scope */
  async notices(
    id: string,
    scope: Scope<SubjectFilter>,
    page: { limit: number; offset: number },
  ): Promise<Page<BudgetNoticeRecord>> {
    const { budgets, budgetNotices } = this.#options.stores;
    if (!(await budgets.wasThere(id, scope))) throw unknownBudget(id);
    return budgetNotices.list(id, page);
  }

  /** Where some budgets stand. */
  async standing(budgets: readonly BudgetRecord[]): Promise<NoticedBudget[]> {
    const { stores, clock } = this.#options;
    const standings = await standingsOf(stores, budgets, clock());
    const notices = await stores.budgetNotices.of(
      standings.map(({ budget, windowStart }) => ({
        budgetId: budget.id,
        windowStart,
      })),
    );
    return standings.map(standing => ({
      ...standing,
      notices: notices.filter(
        ({ budgetId }) => budgetId === standing.budget.id,
      ),
    }));
  }

  /**
   * @throws ValidationError when there is no such subject, the amount is above what the levels above have, or a downshift leads nowhere
   * @throws FieldConflictError when it is there already, or the levels below have more
   * @throws ServiceUnavailableError when the catalog does not answer
   */
  async create(
    actor: Actor,
    { subject, window, belowChildren, ...entered }: CreateBudget,
  ): Promise<NoticedBudget> {
    const key: BudgetKey = { id: this.#options.newId(), subject, window };
    const fields: BudgetFields = {
      ...entered,
      amount: amountOf(entered.amount),
    };
    await refuseUnknownInCatalog(this.#options.directory, subject);
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      await refuseUnknownSubject(stores, subject);
      const after = { ...key, ...fields };
      const chain = await refuse(stores, {
        before: undefined,
        after,
        belowChildren,
      });
      await refuseBadDownshift(stores, after);
      const revision = await write.revision();
      if (!(await stores.budgets.insert(key, fields, stamp, revision))) {
        throw new FieldConflictError(
          'subject',
          `There is a budget of ${subject.kind} '${subject.id}' with the window '${window}' already. Change that one.`,
        );
      }
      await write.audit({
        action: 'budget.create',
        resourceKind: 'budget',
        resourceId: key.id,
        projectId: projectIn(chain),
        changes: changesOf(undefined, { subject, window, ...audited(fields) }),
      });
    });
    return this.get(key.id, EVERY_SUBJECT);
  }

  /**
   * Changes a budget. What is spent is the ledger's to say, so that a change forgets nothing.
   *
   * @throws NotFoundError
   * @throws ConflictError when it was changed since the caller read it, or the levels below have more
   * @throws ValidationError when the amount is above what the levels above have, or a downshift leads nowhere
   */
  async update(
    actor: Actor,
    id: string,
    { version, belowChildren, ...entered }: UpdateBudget,
  ): Promise<NoticedBudget> {
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      const before = await stores.budgets.get(id, EVERY_SUBJECT);
      if (!before) throw unknownBudget(id);
      refuseStale('budget', before, version);
      const fields: BudgetFields = {
        amount: entered.amount ? amountOf(entered.amount) : before.amount,
        thresholds: entered.thresholds ?? before.thresholds,
        refusalStatus: entered.refusalStatus ?? before.refusalStatus,
        whenDegraded:
          entered.whenDegraded === undefined
            ? before.whenDegraded
            : entered.whenDegraded,
        note: entered.note ?? before.note,
      };
      const changes = changesOf(audited(before), audited(fields));
      if (!isChanged(changes)) return;
      const after = { ...before, ...fields };
      const chain = await refuse(stores, { before, after, belowChildren });
      if (entered.thresholds) await refuseBadDownshift(stores, after);
      await stores.budgets.update(id, fields, stamp, await write.revision());
      await write.audit({
        action: 'budget.update',
        resourceKind: 'budget',
        resourceId: id,
        projectId: projectIn(chain),
        changes,
      });
    });
    return this.get(id, EVERY_SUBJECT);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when levels below have a fraction of it
   */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      const before = await stores.budgets.get(id, EVERY_SUBJECT);
      if (!before) throw unknownBudget(id);
      const chain = await refuse(stores, {
        before,
        after: undefined,
        belowChildren: true,
      });
      await stores.budgets.remove(id, stamp, await write.revision());
      const { subject, window } = before;
      await write.audit({
        action: 'budget.remove',
        resourceKind: 'budget',
        resourceId: id,
        projectId: projectIn(chain),
        changes: changesOf({ subject, window, ...audited(before) }, undefined),
      });
    });
  }
}

/** Refuses what contradicts, and gives the chain of the subject. */
async function refuse(
  stores: Stores,
  change: { belowChildren: boolean } & (
    | { before: BudgetRecord | undefined; after: BudgetKey & BudgetFields }
    | { before: BudgetRecord; after: undefined }
  ),
): Promise<Subject[]> {
  const { before, after, belowChildren } = change;
  const { subject, window } = change.after ?? change.before;
  const chain = await chainOf(stores, subject);
  const [, ...parents] = chain;
  const below = await stores.budgets.below(subject, window);
  const above = await stores.budgets.of(parents, window);
  refuseContradiction({
    before: before && definitionOf(before),
    after: after && definitionOf(after),
    belowChildren,
    above: above.map(definitionOf),
    below: below.map(definitionOf),
    chains: await stores.subjects.chains([
      ...chain,
      ...below.map(child => child.subject),
    ]),
  });
  return chain;
}

async function refuseBadDownshift(
  stores: Stores,
  budget: BudgetKey & BudgetFields,
): Promise<void> {
  const models = downshiftModels(budget.thresholds);
  if (models.length === 0) return;
  const { subject } = budget;
  const ofProject =
    subject.kind === 'subscription'
      ? await stores.budgets.ofSubscriptions(
          partsOfSubscription(subject.id).projectId,
        )
      : [];
  refuseDownshift(budget, {
    served: await stores.models.served(models),
    others: ofProject.filter(({ id }) => id !== budget.id),
  });
}

function amountOf(amount: CreateBudget['amount']): BudgetFields['amount'] {
  return amount.kind === 'absolute'
    ? { kind: 'absolute', amount: usdToNano(amount.usd) }
    : amount;
}

function audited(fields: BudgetFields) {
  return {
    amount: renderBudgetAmount(fields.amount),
    thresholds: fields.thresholds,
    refusalStatus: fields.refusalStatus,
    whenDegraded: fields.whenDegraded,
    note: fields.note,
  };
}

function unknownBudget(id: string): NotFoundError {
  return new NotFoundError(`There is no budget ${id}`);
}
