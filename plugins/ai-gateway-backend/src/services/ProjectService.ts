import { NotFoundError } from '@backstage/errors';
import type {
  CreateProject,
  Page,
  Subject,
  UpdateProject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { CatalogDirectory } from '../catalog/CatalogDirectory';
import { changesOf, isChanged } from '../database/changesOf';
import type {
  ProjectFields,
  ProjectRecord,
} from '../database/projects/ProjectStore';
import type { Stores } from '../database/Stores';
import { subjectName } from '../database/subjects/SubjectStore';
import type { Writes } from '../database/Writes';
import { FieldConflictError, ValidationError } from '../errors';
import type { Actor } from '../http/Caller';
import { Family } from '../limits/Family';
import type { ProjectFilter } from '../permissions/resources';
import type { Scope } from '../permissions/Scope';
import { definitionOf } from './BudgetStandings';
import { refuseStale } from './stale';

const EVERY_PROJECT: Scope<ProjectFilter> = { kind: 'everything' };

interface ProjectServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly directory: CatalogDirectory;
}

/** Who pays. */
export class ProjectService {
  readonly #options: ProjectServiceOptions;

  static create(options: ProjectServiceOptions): ProjectService {
    return new ProjectService(options);
  }

  private constructor(options: ProjectServiceOptions) {
    this.#options = options;
  }

  async list(
    scope: Scope<ProjectFilter>,
    page: { limit: number; offset: number },
  ): Promise<Page<ProjectRecord>> {
    return this.#options.stores.projects.list(scope, page);
  }

  /** @throws NotFoundError when there is none within the scope */
  async get(id: string, scope: Scope<ProjectFilter>): Promise<ProjectRecord> {
    const project = await this.#options.stores.projects.get(id, scope);
    if (!project) throw unknownProject(id);
    return project;
  }

  /**
   * @throws ValidationError when the owner is not in the catalog
   * @throws FieldConflictError when there is one of this id
   * @throws ServiceUnavailableError when the catalog does not answer
   */
  async create(actor: Actor, input: CreateProject): Promise<ProjectRecord> {
    const { id, type, ...fields } = input;
    await this.#refuseUnknownOwner(fields.ownerRef);
    await this.#options.writes.run(actor, async write => {
      const inserted = await write.stores.projects.insert(
        { id, type },
        fields,
        write.stamp,
      );
      if (!inserted) {
        throw new FieldConflictError(
          'id',
          `There is a project '${id}' already`,
        );
      }
      await write.revision();
      await write.audit({
        action: 'project.create',
        resourceKind: 'project',
        resourceId: id,
        projectId: id,
        changes: changesOf(undefined, { id, type, ...fields }),
      });
    });
    return this.get(id, EVERY_PROJECT);
  }

  /**
   * @throws NotFoundError
   * @throws ValidationError when the new owner is not in the catalog
   * @throws ConflictError when it was changed since the caller read it
   */
  async update(
    actor: Actor,
    id: string,
    { version, ...entered }: UpdateProject,
  ): Promise<ProjectRecord> {
    if (entered.ownerRef !== undefined) {
      await this.#refuseUnknownOwner(entered.ownerRef);
    }
    await this.#options.writes.run(actor, async write => {
      const current = await write.stores.projects.get(id, EVERY_PROJECT);
      if (!current) throw unknownProject(id);
      refuseStale('project', current, version);
      const before = fieldsOf(current);
      const after = { ...before, ...entered };
      const changes = changesOf(before, after);
      if (!isChanged(changes)) return;
      await write.stores.projects.update(id, after, write.stamp);
      if (before.businessUnit !== after.businessUnit) {
        await refuseOrphans(write.stores, id);
      }
      const revision = await write.revision();
      // Gateways book the business unit with each request of a key, and read a key again only when its revision is newer.
      if (before.businessUnit !== after.businessUnit) {
        await write.stores.apiKeys.touchProject(id, revision);
      }
      await write.audit({
        action: 'project.update',
        resourceKind: 'project',
        resourceId: id,
        projectId: id,
        changes,
      });
    });
    return this.get(id, EVERY_PROJECT);
  }

  async #refuseUnknownOwner(ownerRef: string): Promise<void> {
    if (!(await this.#options.directory.exists(ownerRef))) {
      throw ValidationError.of(
        'ownerRef',
        `The catalog has no ${ownerRef}. Name a group of the catalog.`,
      );
    }
  }
}

/**
 * Refuses another business unit that has not what limits or budgets of the project are a fraction of: they would come to nothing.
 *
 * @throws FieldConflictError
 */
async function refuseOrphans(stores: Stores, id: string): Promise<void> {
  const project: Subject = { kind: 'project', id };
  for (const definitions of [
    [
      ...(await stores.limits.of([project])),
      ...(await stores.limits.below(project)),
    ],
    [
      ...(await stores.budgets.of([project])),
      ...(await stores.budgets.below(project)),
    ].map(definitionOf),
  ]) {
    const chains = await stores.subjects.chains([
      project,
      ...definitions.map(({ subject }) => subject),
    ]);
    const [, ...above] = chains.get(subjectName(project)) ?? [];
    const family = Family.of(
      [
        ...definitions,
        ...(await stores.limits.of(above)),
        ...(await stores.budgets.of(above)).map(definitionOf),
      ],
      chains,
    );
    for (const definition of definitions) {
      const { problem } = family.standing(definition);
      if (problem?.reason === 'fraction-without-parent') {
        throw new FieldConflictError(
          'businessUnit',
          `${problem.message} Change it first.`,
        );
      }
    }
  }
}

function fieldsOf(project: ProjectRecord) {
  const { title, description, ownerRef, businessUnit, costCentre } = project;
  return {
    title,
    description,
    ownerRef,
    businessUnit,
    costCentre,
  } satisfies ProjectFields;
}

function unknownProject(id: string): NotFoundError {
  return new NotFoundError(`There is no project '${id}'`);
}
