import { NotFoundError } from '@backstage/errors';
import type {
  CreatePolicy,
  Page,
  Subject,
  UpdatePolicy,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { AuditEvent } from '../database/audit/AuditStore';
import { changesOf, isChanged } from '../database/changesOf';
import type {
  PolicyFields,
  PolicyKey,
  PolicyRecord,
} from '../database/policies/PolicyStore';
import type { Stores } from '../database/Stores';
import type { SubjectQuery } from '../database/subjects/subjectRows';
import { subjectName } from '../database/subjects/SubjectStore';
import type { Writes } from '../database/Writes';
import { FieldConflictError, ValidationError } from '../errors';
import type { Actor } from '../http/Caller';
import type { SubjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';
import { ownProblems, problemsBelow } from '../policies/policyProblems';
import { refuseStale } from './stale';
import {
  chainOf,
  EVERY_SUBJECT,
  historyOf,
  projectIn,
  refuseUnknownSubject,
} from './subjects';

interface PolicyServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly newId: () => string;
}

/** What may be asked for. */
export class PolicyService {
  readonly #options: PolicyServiceOptions;

  static create(options: PolicyServiceOptions): PolicyService {
    return new PolicyService(options);
  }

  private constructor(options: PolicyServiceOptions) {
    this.#options = options;
  }

  /** The widest subject first. */
  async list(
    scope: Scope<SubjectFilter>,
    query: SubjectQuery,
  ): Promise<Page<PolicyRecord>> {
    return this.#options.stores.policies.list(scope, query);
  }

  /** @throws NotFoundError when there is none within the scope */
  async get(id: string, scope: Scope<SubjectFilter>): Promise<PolicyRecord> {
    const policy = await this.#options.stores.policies.get(id, scope);
    if (!policy) throw unknownPolicy(id);
    return policy;
  }

  /** @throws NotFoundError when there never was one within the scope */
  async history(
    id: string,
    scope: Scope<SubjectFilter>,
    page: { limit: number; offset: number },
  ): Promise<Page<AuditEvent>> {
    return historyOf(this.#options.stores, 'policy', id, { scope, page });
  }

  /**
   * @throws ValidationError when there is no such subject or model, or it says what a level above forbids
   * @throws FieldConflictError when its subject has one, or the levels below say what it forbids
   */
  async create(
    actor: Actor,
    { subject, belowChildren, ...entered }: CreatePolicy,
  ): Promise<PolicyRecord> {
    const key: PolicyKey = { id: this.#options.newId(), subject };
    const fields = normalised(entered);
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      await refuseUnknownSubject(stores, subject);
      await refuseUnknownModels(stores, fields, []);
      const chain = await refuse(stores, key, fields, belowChildren);
      const revision = await write.revision();
      if (!(await stores.policies.insert(key, fields, stamp, revision))) {
        throw new FieldConflictError(
          'subject',
          `There is a policy of ${subject.kind} '${subject.id}' already. Change that one.`,
        );
      }
      await write.audit({
        action: 'policy.create',
        resourceKind: 'policy',
        resourceId: key.id,
        projectId: projectIn(chain),
        changes: changesOf(undefined, { subject, ...fields }),
      });
    });
    return this.get(key.id, EVERY_SUBJECT);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it was changed since the caller read it, or the levels below say what it forbids
   * @throws ValidationError when there is no such model, or it says what a level above forbids
   */
  async update(
    actor: Actor,
    id: string,
    { version, belowChildren, ...entered }: UpdatePolicy,
  ): Promise<PolicyRecord> {
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      const current = await stores.policies.get(id, EVERY_SUBJECT);
      if (!current) throw unknownPolicy(id);
      refuseStale('policy', current, version);
      const before = fieldsOf(current);
      const fields = normalised({ ...before, ...entered });
      const changes = changesOf({ ...before }, { ...fields });
      if (!isChanged(changes)) return;
      await refuseUnknownModels(stores, fields, modelsOf(before));
      const chain = await refuse(stores, current, fields, belowChildren);
      await stores.policies.update(id, fields, stamp, await write.revision());
      await write.audit({
        action: 'policy.update',
        resourceKind: 'policy',
        resourceId: id,
        projectId: projectIn(chain),
        changes,
      });
    });
    return this.get(id, EVERY_SUBJECT);
  }

  /** @throws NotFoundError */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.#options.writes.run(actor, async write => {
      const { stores, stamp } = write;
      const current = await stores.policies.get(id, EVERY_SUBJECT);
      if (!current) throw unknownPolicy(id);
      const { subject } = current;
      await stores.policies.remove(id, stamp, await write.revision());
      await write.audit({
        action: 'policy.remove',
        resourceKind: 'policy',
        resourceId: id,
        projectId: projectIn(await chainOf(stores, subject)),
        changes: changesOf({ subject, ...fieldsOf(current) }, undefined),
      });
    });
  }
}

/** Refuses what contradicts itself, a level above, or, unless the caller says so, a level below. Gives the chain of the subject. */
async function refuse(
  stores: Stores,
  { id, subject }: PolicyKey,
  fields: PolicyFields,
  belowChildren: boolean,
): Promise<Subject[]> {
  const chain = await chainOf(stores, subject);
  const own = subjectName(subject);
  const above = await stores.policies.of(
    chain.filter(one => subjectName(one) !== own),
  );
  const problems = [
    ...ownProblems(fields),
    ...above.flatMap(parent =>
      problemsBelow(fields, parent, nameOf(parent.subject)),
    ),
  ];
  if (problems.length > 0) throw new ValidationError(problems);
  if (belowChildren) return chain;
  for (const child of await stores.policies.below(subject)) {
    const [problem] = problemsBelow(child, fields, nameOf(subject));
    if (problem && child.id !== id) {
      throw new FieldConflictError(
        problem.path,
        `The policy of ${nameOf(child.subject)} says otherwise: ${problem.message}. Change that one first, or send belowChildren: true, so that both hold.`,
      );
    }
  }
  return chain;
}

/** @param known - models that the policy names already: one that was deleted since is no reason to refuse another change */
async function refuseUnknownModels(
  stores: Stores,
  fields: PolicyFields,
  known: readonly string[],
): Promise<void> {
  const named = modelsOf(fields).filter(id => !known.includes(id));
  const existing = await stores.models.existing(named);
  const unknown = named.filter(id => !existing.has(id));
  if (unknown.length === 0) return;
  throw ValidationError.of(
    fields.allowedModels?.includes(unknown[0])
      ? 'allowedModels'
      : 'deniedModels',
    `There is no model ${unknown.map(id => `'${id}'`).join(', ')}`,
  );
}

function modelsOf(fields: PolicyFields): string[] {
  return [...(fields.allowedModels ?? []), ...fields.deniedModels];
}

function fieldsOf(policy: PolicyRecord): PolicyFields {
  return {
    allowedModels: policy.allowedModels,
    deniedModels: policy.deniedModels,
    allowedEndpoints: policy.allowedEndpoints,
    deniedEndpoints: policy.deniedEndpoints,
    maxContextTokens: policy.maxContextTokens,
    maxOutputTokens: policy.maxOutputTokens,
    whenExceeded: policy.whenExceeded,
    bodyCapture: policy.bodyCapture,
    bodyCaptureMaxBytes: policy.bodyCaptureMaxBytes,
    note: policy.note,
  };
}

/** What is named twice, or in another order, is the same. */
function normalised(fields: PolicyFields): PolicyFields {
  return {
    ...fields,
    allowedModels: fields.allowedModels && unique(fields.allowedModels),
    deniedModels: unique(fields.deniedModels),
    allowedEndpoints:
      fields.allowedEndpoints && unique(fields.allowedEndpoints),
    deniedEndpoints: unique(fields.deniedEndpoints),
  };
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)].sort();
}

function nameOf({ kind, id }: Subject): string {
  return `${kind} '${id}'`;
}

function unknownPolicy(id: string): NotFoundError {
  return new NotFoundError(`There is no policy ${id}`);
}
