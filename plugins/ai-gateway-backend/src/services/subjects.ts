import { NotFoundError } from '@backstage/errors';
import type {
  Page,
  Subject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { CatalogDirectory } from '../catalog/CatalogDirectory';
import type { AuditEvent } from '../database/audit/AuditStore';
import type { Stores } from '../database/Stores';
import {
  partsOfSubscription,
  subjectName,
} from '../database/subjects/SubjectStore';
import { ValidationError } from '../errors';
import type { SubjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';

/** Those who manage limits, budgets or policies manage all of them. */
export const EVERY_SUBJECT: Scope<SubjectFilter> = { kind: 'everything' };

/**
 * Refuses a user or an app that the catalog does not know. Asked before a write begins: the catalog may be slow.
 *
 * @throws ValidationError
 * @throws ServiceUnavailableError when the catalog does not answer
 */
export async function refuseUnknownInCatalog(
  directory: CatalogDirectory,
  { kind, id }: Subject,
): Promise<void> {
  if (kind !== 'user' && kind !== 'app') return;
  if (await directory.exists(id)) return;
  throw ValidationError.of('subject.id', `The catalog has no ${id}`);
}

/** @throws ValidationError when there is no such subject */
export async function refuseUnknownSubject(
  stores: Stores,
  subject: Subject,
): Promise<void> {
  const problem = await stores.subjects.problemOf(subject);
  if (problem) throw ValidationError.of('subject.id', problem);
}

/** A subject and those above it, the nearest first. */
export async function chainOf(
  stores: Stores,
  subject: Subject,
): Promise<Subject[]> {
  const chains = await stores.subjects.chains([subject]);
  return chains.get(subjectName(subject)) ?? [subject];
}

/** The project that a subject is or belongs to, for the audit trail. */
export function projectIn(chain: readonly Subject[]): string | undefined {
  for (const { kind, id } of chain) {
    if (kind === 'project') return id;
    if (kind === 'subscription') return partsOfSubscription(id).projectId;
  }
  return undefined;
}

/**
 * What was done to a limit, a budget or a policy.
 *
 * @throws NotFoundError when there never was one within the scope
 */
export async function historyOf(
  stores: Stores,
  kind: 'limit' | 'budget' | 'policy',
  id: string,
  options: {
    scope: Scope<SubjectFilter>;
    page: { limit: number; offset: number };
  },
): Promise<Page<AuditEvent>> {
  const { limits, budgets, policies, audit } = stores;
  const store = { limit: limits, budget: budgets, policy: policies }[kind];
  if (!(await store.wasThere(id, options.scope))) {
    throw new NotFoundError(`There is no ${kind} ${id}`);
  }
  return audit.history({ resourceKind: kind, resourceId: id }, options.page);
}
