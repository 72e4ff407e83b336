import { NotFoundError } from '@backstage/errors';
import type {
  CreateLimit,
  Page,
  Subject,
  UpdateLimit,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { CatalogDirectory } from '../catalog/CatalogDirectory';
import type { AuditEvent } from '../database/audit/AuditStore';
import { changesOf, isChanged } from '../database/changesOf';
import type {
  LimitFields,
  LimitKey,
  LimitRecord,
} from '../database/limits/LimitStore';
import type { Stores } from '../database/Stores';
import type { SubjectQuery } from '../database/subjects/subjectRows';
import type { Writes } from '../database/Writes';
import { FieldConflictError } from '../errors';
import type { Actor } from '../http/Caller';
import { Family, type Standing } from '../limits/Family';
import { refuseContradiction } from '../limits/refuseContradiction';
import type { SubjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';
import { renderLimitAmount } from '../render/renderLimit';
import { refuseStale } from './stale';
import {
  chainOf,
  EVERY_SUBJECT,
  historyOf,
  projectIn,
  refuseUnknownInCatalog,
  refuseUnknownSubject,
} from './subjects';

/** A limit and what it comes to. */
export interface StandingLimit {
  readonly limit: LimitRecord;
  readonly standing: Standing;
}

interface LimitServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly directory: CatalogDirectory;
  readonly newId: () => string;
}

/** How many requests and tokens there may be. */
export class LimitService {
  readonly #options: LimitServiceOptions;

  static create(options: LimitServiceOptions): LimitService {
    return new LimitService(options);
  }

  private constructor(options: LimitServiceOptions) {
    this.#options = options;
  }

  /** The widest subject first. */
  async list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<StandingLimit>> {
    const { items, totalCount } = await this.#options.stores.limits.list(
      scope,
      query,
    );
    return { items: await this.standing(items), totalCount };
  }

  /** @throws NotFoundError when there is none within the scope */
  async get(id: string, scope: Scope<SubjectFilter>): Promise<StandingLimit> {
    const limit = await this.#options.stores.limits.get(id, scope);
    if (!limit) throw unknownLimit(id);
    const [found] = await this.standing([limit]);
    return found;
  }

  /** @throws NotFoundError when there never was one within the scope */
  async history(
    id: string,
    scope: Scope<SubjectFilter>,
    page: { limit: number; offset: number },
  ): Promise<Page<AuditEvent>> {
    return historyOf(this.#options.stores, 'limit', id, { scope, page });
  }

  /** What some limits come to. */
  async standing(limits: readonly LimitRecord[]): Promise<StandingLimit[]> {
    const { stores } = this.#options;
    const chains = await stores.subjects.chains(
      limits.map(({ subject }) => subject),
    );
    const family = Family.of(
      await stores.limits.of([...chains.values()].flat()),
      chains,
    );
    return limits.map(limit => ({ limit, standing: family.standing(limit) }));
  }

  /**
   * @throws ValidationError when there is no such subject, or the amount is above what the levels above have
   * @throws FieldConflictError when it is there already, or the levels below have more
   * @throws ServiceUnavailableError when the catalog does not answer
   */
  async create(
    actor: Actor,
    { subject, measure, window, belowChildren, ...entered }: CreateLimit,
  ): Promise<StandingLimit> {
    const key: LimitKey = {
      id: this.#options.newId(),
      subject,
      measure,
      window,
    };
    const fields: LimitFields = {
      ...entered,
      amount: amountOf(entered.amount),
    };
    await refuseUnknownInCatalog(this.#options.directory, subject);
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      await refuseUnknownSubject(stores, subject);
      const chain = await refuse(stores, {
        before: undefined,
        after: { ...key, ...fields },
        belowChildren,
      });
      const revision = await write.revision();
      if (!(await stores.limits.insert(key, fields, stamp, revision))) {
        throw new FieldConflictError(
          'subject',
          `There is a limit of ${subject.kind} '${subject.id}' on ${measure} with the window '${window}' already. Change that one.`,
        );
      }
      await write.audit({
        action: 'limit.create',
        resourceKind: 'limit',
        resourceId: key.id,
        projectId: projectIn(chain),
        changes: changesOf(undefined, {
          subject,
          measure,
          window,
          ...audited(fields),
        }),
      });
    });
    return this.get(key.id, EVERY_SUBJECT);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it was changed since the caller read it, or the levels below have more
   * @throws ValidationError when the amount is above what the levels above have
   */
  async update(
    actor: Actor,
    id: string,
    { version, belowChildren, ...entered }: UpdateLimit,
  ): Promise<StandingLimit> {
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      const before = await stores.limits.get(id, EVERY_SUBJECT);
      if (!before) throw unknownLimit(id);
      refuseStale('limit', before, version);
      const fields: LimitFields = {
        amount: entered.amount ? amountOf(entered.amount) : before.amount,
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
      await stores.limits.update(id, fields, stamp, await write.revision());
      await write.audit({
        action: 'limit.update',
        resourceKind: 'limit',
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
      const before = await stores.limits.get(id, EVERY_SUBJECT);
      if (!before) throw unknownLimit(id);
      const chain = await refuse(stores, {
        before,
        after: undefined,
        belowChildren: true,
      });
      await stores.limits.remove(id, stamp, await write.revision());
      const { subject, measure, window } = before;
      await write.audit({
        action: 'limit.remove',
        resourceKind: 'limit',
        resourceId: id,
        projectId: projectIn(chain),
        changes: changesOf(
          { subject, measure, window, ...audited(before) },
          undefined,
        ),
      });
    });
  }
}

/** Refuses what contradicts, and gives the chain of the subject. */
async function refuse(
  stores: Stores,
  change: { belowChildren: boolean } & (
    | { before: LimitRecord | undefined; after: LimitKey & LimitFields }
    | { before: LimitRecord; after: undefined }
  ),
): Promise<Subject[]> {
  const { subject, ...gauge } = change.after ?? change.before;
  const chain = await chainOf(stores, subject);
  const [, ...parents] = chain;
  const below = await stores.limits.below(subject, gauge);
  refuseContradiction({
    ...change,
    above: await stores.limits.of(parents, gauge),
    below,
    chains: await stores.subjects.chains([
      ...chain,
      ...below.map(child => child.subject),
    ]),
  });
  return chain;
}

function amountOf(amount: CreateLimit['amount']): LimitFields['amount'] {
  return amount.kind === 'absolute'
    ? { kind: 'absolute', amount: BigInt(amount.value) }
    : amount;
}

function audited({ amount, whenDegraded, note }: LimitFields) {
  return { amount: renderLimitAmount(amount), whenDegraded, note };
}

function unknownLimit(id: string): NotFoundError {
  return new NotFoundError(`There is no limit ${id}`);
}
