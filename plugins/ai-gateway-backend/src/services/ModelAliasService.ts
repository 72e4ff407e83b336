import { NotFoundError } from '@backstage/errors';
import {
  resolveModelName,
  type CreateModelAlias,
  type Page,
  type RoutingConflict,
  type UpdateModelAlias,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { changesOf } from '../database/changesOf';
import type { ModelAliasRecord } from '../database/modelAliases/ModelAliasStore';
import type { Stores } from '../database/Stores';
import type { Writes } from '../database/Writes';
import { FieldConflictError, ValidationError } from '../errors';
import type { Actor } from '../http/Caller';
import { refuseRoutingConflict } from './routingConflicts';
import { refuseStale } from './stale';

/** Another name of a model, and the model that it leads to in the end. */
export interface LeadingAlias {
  readonly record: ModelAliasRecord;
  readonly modelId: string | undefined;
}

/** Other names by which models can be asked for. */
export class ModelAliasService {
  readonly #stores: Stores;
  readonly #writes: Writes;

  static create(options: {
    stores: Stores;
    writes: Writes;
  }): ModelAliasService {
    return new ModelAliasService(options.stores, options.writes);
  }

  private constructor(stores: Stores, writes: Writes) {
    this.#stores = stores;
    this.#writes = writes;
  }

  /** By name; those of one model, if it is named. */
  async list(query: {
    modelId?: string;
    limit: number;
    offset: number;
  }): Promise<Page<LeadingAlias>> {
    const all = await this.#leading(await this.#stores.modelAliases.list());
    const wanted = all.filter(
      ({ modelId }) => query.modelId === undefined || modelId === query.modelId,
    );
    return {
      items: wanted.slice(query.offset, query.offset + query.limit),
      totalCount: wanted.length,
    };
  }

  /**
   * @throws FieldConflictError when a model or another alias has the name
   * @throws ValidationError when it leads nowhere, or back to itself
   */
  async create(
    actor: Actor,
    { alias, target }: CreateModelAlias,
  ): Promise<LeadingAlias> {
    await this.#writes.run(actor, async write => {
      const { stores, stamp } = write;
      await refuseRoutingConflict(
        stores,
        async () => {
          if (await stores.modelAliases.insert(alias, target, stamp)) return;
          throw new FieldConflictError(
            'alias',
            `There is an alias '${alias}' already`,
          );
        },
        refusal,
      );
      await write.revision();
      await write.audit({
        action: 'model-alias.create',
        resourceKind: 'model-alias',
        resourceId: alias,
        changes: changesOf(undefined, { alias, target }),
      });
    });
    return this.#get(alias);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it was changed since the caller read it
   * @throws ValidationError when it would lead nowhere, or back to itself
   */
  async update(
    actor: Actor,
    alias: string,
    { version, target }: UpdateModelAlias,
  ): Promise<LeadingAlias> {
    await this.#writes.run(actor, async write => {
      const { stores, stamp } = write;
      const current = await stores.modelAliases.get(alias);
      if (!current) throw unknownAlias(alias);
      refuseStale('alias', current, version);
      if (current.target === target) return;
      await refuseRoutingConflict(
        stores,
        () => stores.modelAliases.update(alias, target, stamp),
        refusal,
      );
      await write.revision();
      await write.audit({
        action: 'model-alias.update',
        resourceKind: 'model-alias',
        resourceId: alias,
        changes: changesOf({ target: current.target }, { target }),
      });
    });
    return this.#get(alias);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when another alias or a fallback leads to it
   */
  async delete(actor: Actor, alias: string): Promise<void> {
    await this.#writes.run(actor, async write => {
      const { stores } = write;
      const current = await stores.modelAliases.get(alias);
      if (!current) throw unknownAlias(alias);
      await refuseRoutingConflict(stores, () =>
        stores.modelAliases.delete(alias),
      );
      await write.revision();
      await write.audit({
        action: 'model-alias.delete',
        resourceKind: 'model-alias',
        resourceId: alias,
        changes: changesOf({ alias, target: current.target }, undefined),
      });
    });
  }

  async #get(alias: string): Promise<LeadingAlias> {
    const record = await this.#stores.modelAliases.get(alias);
    if (!record) throw unknownAlias(alias);
    const [leading] = await this.#leading([record]);
    return leading;
  }

  async #leading(
    records: readonly ModelAliasRecord[],
  ): Promise<LeadingAlias[]> {
    const { models, aliases } = await this.#stores.routing.table();
    const targets = new Map(aliases.map(row => [row.alias, row.target]));
    return records.map(record => ({
      record,
      modelId: resolveModelName(record.alias, models, targets),
    }));
  }
}

function refusal(conflict: RoutingConflict, message: string): Error {
  return conflict.kind === 'alias-shadows-model'
    ? new FieldConflictError('alias', message)
    : ValidationError.of('target', message);
}

function unknownAlias(alias: string): NotFoundError {
  return new NotFoundError(`There is no alias '${alias}'`);
}
