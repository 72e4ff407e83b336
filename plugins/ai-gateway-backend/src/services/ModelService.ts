import { ConflictError, NotFoundError } from '@backstage/errors';
import type {
  CreateModel,
  ModelStatus,
  Page,
  UpdateModel,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { changesOf, isChanged } from '../database/changesOf';
import type {
  ModelFields,
  ModelQuery,
  ModelRecord,
  ModelTarget,
} from '../database/models/ModelStore';
import type { Stores } from '../database/Stores';
import type { Writes } from '../database/Writes';
import { FieldConflictError } from '../errors';
import type { Actor } from '../http/Caller';
import { refuseRoutingConflict } from './routingConflicts';
import { refuseStale } from './stale';

/** A model with its deployments, the one that is tried first in front. */
export interface ModelWithTargets {
  readonly model: ModelRecord;
  readonly targets: readonly ModelTarget[];
}

/** What consumers name in a request. */
export class ModelService {
  readonly #stores: Stores;
  readonly #writes: Writes;
  readonly #clock: () => number;

  static create(options: {
    stores: Stores;
    writes: Writes;
    clock: () => number;
  }): ModelService {
    return new ModelService(options.stores, options.writes, options.clock);
  }

  private constructor(stores: Stores, writes: Writes, clock: () => number) {
    this.#stores = stores;
    this.#writes = writes;
    this.#clock = clock;
  }

  /** In three queries, however many there are. */
  async list(
    query: Omit<ModelQuery, 'words'> & { search?: string },
  ): Promise<Page<ModelWithTargets>> {
    const words = (query.search ?? '').split(/\s+/).filter(Boolean);
    const { items, totalCount } = await this.#stores.models.list({
      ...query,
      words: words.slice(0, 10),
    });
    return { items: await this.#withTargets(items), totalCount };
  }

  /**
   * @param manages - whether the reader may see unpublished ones
   * @throws NotFoundError
   */
  async get(id: string, manages: boolean): Promise<ModelWithTargets> {
    const model = await this.#stores.models.get(id);
    if (!model) throw unknownModel(id);
    const [found] = await this.#withTargets([model]);
    if (!manages && !found.targets.some(target => target.served)) {
      throw unknownModel(id);
    }
    return found;
  }

  /** @throws FieldConflictError when there is one of this id */
  async create(actor: Actor, input: CreateModel): Promise<ModelWithTargets> {
    const { id, ...entered } = input;
    const fields = normalised(entered);
    await this.#writes.run(actor, async write => {
      await refuseRoutingConflict(
        write.stores,
        async () => {
          if (await write.stores.models.insert(id, fields, write.stamp)) return;
          throw new FieldConflictError(
            'id',
            `There is a model '${id}' already`,
          );
        },
        (_, message) => new FieldConflictError('id', message),
      );
      await write.revision();
      await write.audit({
        action: 'model.create',
        resourceKind: 'model',
        resourceId: id,
        changes: changesOf(undefined, { id, ...fields }),
      });
    });
    return this.get(id, true);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it was changed since the caller read it
   */
  async update(
    actor: Actor,
    id: string,
    { version, ...entered }: UpdateModel,
  ): Promise<ModelWithTargets> {
    await this.#writes.run(actor, async write => {
      const current = await write.stores.models.get(id);
      if (!current) throw unknownModel(id);
      refuseStale('model', current, version);
      const before = fieldsOf(current);
      const after = normalised({ ...before, ...entered });
      const changes = changesOf({ ...before }, { ...after });
      if (!isChanged(changes)) return;
      await write.stores.models.update(id, after, write.stamp);
      await write.revision();
      await write.audit({
        action: 'model.update',
        resourceKind: 'model',
        resourceId: id,
        changes,
      });
      write.modelsChanged([id]);
    });
    return this.get(id, true);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when something depends on it
   */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.#writes.run(actor, async write => {
      const current = await write.stores.models.get(id);
      if (!current) throw unknownModel(id);
      if (await write.stores.models.hasDeployments(id)) {
        throw new ConflictError(
          `The model '${id}' has deployments. Delete them first; one that was ever used stays, unpublished, since bills refer to it.`,
        );
      }
      if (await write.stores.models.hasSubscriptions(id)) {
        throw new ConflictError(
          `Projects have subscribed to the model '${id}': their history refers to it, so it stays`,
        );
      }
      const [downshifted] = await write.stores.budgets.downshiftingTo(id);
      if (downshifted) {
        throw new ConflictError(
          `The budget of ${downshifted.kind} '${downshifted.id}' goes down to the model '${id}'. Change its thresholds first.`,
        );
      }
      await refuseRoutingConflict(write.stores, () =>
        write.stores.models.delete(id),
      );
      await write.revision();
      await write.audit({
        action: 'model.delete',
        resourceKind: 'model',
        resourceId: id,
        changes: changesOf({ id, ...fieldsOf(current) }, undefined),
      });
      write.modelsChanged([id]);
    });
  }

  async #withTargets(
    models: readonly ModelRecord[],
  ): Promise<ModelWithTargets[]> {
    if (models.length === 0) return [];
    const targets = new Map<string, ModelTarget[]>(
      models.map(model => [model.id, []]),
    );
    for (const target of await this.#stores.models.targets(
      [...targets.keys()],
      new Date(this.#clock()),
    )) {
      targets.get(target.modelId)?.push(target);
    }
    return models.map(model => ({
      model,
      targets: targets.get(model.id) ?? [],
    }));
  }
}

/** What consumers can do with a model. */
export function statusOf({ model, targets }: ModelWithTargets): ModelStatus {
  if (!targets.some(target => target.served)) return 'unpublished';
  return model.lifecycle === 'deprecated' ? 'deprecated' : 'available';
}

function fieldsOf(model: ModelRecord): ModelFields {
  return {
    title: model.title,
    description: model.description,
    modality: model.modality,
    capabilities: model.capabilities,
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    ownerRef: model.ownerRef,
    lifecycle: model.lifecycle,
  };
}

function normalised(fields: ModelFields): ModelFields {
  return { ...fields, capabilities: [...new Set(fields.capabilities)] };
}

function unknownModel(id: string): NotFoundError {
  return new NotFoundError(`There is no model '${id}'`);
}
