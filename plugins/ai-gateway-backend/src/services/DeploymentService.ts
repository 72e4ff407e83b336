import { ConflictError, NotFoundError } from '@backstage/errors';
import type {
  CreateDeployment,
  Page,
  UpdateDeployment,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { changesOf, isChanged } from '../database/changesOf';
import type {
  DeploymentFields,
  DeploymentQuery,
  DeploymentRecord,
} from '../database/deployments/DeploymentStore';
import type { PricePeriod } from '../database/prices/PriceStore';
import type { Stores } from '../database/Stores';
import type { Write, Writes } from '../database/Writes';
import { FieldConflictError, ValidationError } from '../errors';
import type { Actor } from '../http/Caller';
import { refuseRoutingConflict } from './routingConflicts';
import { refuseStale } from './stale';

/** A deployment and its price in force. */
export interface PricedDeployment {
  readonly deployment: DeploymentRecord;
  readonly currentPrice: PricePeriod | undefined;
}

interface DeploymentServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly clock: () => number;
  readonly newId: () => string;
}

/** Upstream targets of models. */
export class DeploymentService {
  readonly #options: DeploymentServiceOptions;

  static create(options: DeploymentServiceOptions): DeploymentService {
    return new DeploymentService(options);
  }

  private constructor(options: DeploymentServiceOptions) {
    this.#options = options;
  }

  async list(query: DeploymentQuery): Promise<Page<PricedDeployment>> {
    const { items, totalCount } =
      await this.#options.stores.deployments.list(query);
    return { items: await this.#priced(items), totalCount };
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<PricedDeployment> {
    const deployment = await this.#options.stores.deployments.get(id);
    if (!deployment) throw unknownDeployment(id);
    const [priced] = await this.#priced([deployment]);
    return priced;
  }

  /**
   * @throws ValidationError when there is no such model or provider
   * @throws FieldConflictError when the model has this deployment already
   */
  async create(
    actor: Actor,
    { modelId, providerId, ...fields }: CreateDeployment,
  ): Promise<PricedDeployment> {
    const id = this.#options.newId();
    await this.#options.writes.run(actor, async write => {
      if (!(await write.stores.models.get(modelId))) {
        throw ValidationError.of('modelId', `There is no model '${modelId}'`);
      }
      if (!(await write.stores.providers.get(providerId))) {
        throw ValidationError.of(
          'providerId',
          `There is no provider ${providerId}`,
        );
      }
      const inserted = await write.stores.deployments.insert(
        { id, modelId, providerId },
        fields,
        write.stamp,
      );
      if (!inserted) throw duplicate(modelId, fields.upstreamModel);
      await write.revision();
      await write.audit({
        action: 'deployment.create',
        resourceKind: 'deployment',
        resourceId: id,
        changes: changesOf(undefined, { modelId, providerId, ...fields }),
      });
    });
    return this.get(id);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it was changed since the caller read it
   */
  async update(
    actor: Actor,
    id: string,
    { version, ...entered }: UpdateDeployment,
  ): Promise<PricedDeployment> {
    await this.#options.writes.run(actor, async write => {
      const current = await write.stores.deployments.get(id);
      if (!current) throw unknownDeployment(id);
      refuseStale('deployment', current, version);
      const before = fieldsOf(current);
      const after = { ...before, ...entered };
      const changes = changesOf(before, after);
      if (!isChanged(changes)) return;
      if (!(await write.stores.deployments.update(id, after, write.stamp))) {
        throw duplicate(current.modelId, after.upstreamModel);
      }
      await write.revision();
      await write.audit({
        action: 'deployment.update',
        resourceKind: 'deployment',
        resourceId: id,
        changes,
      });
      // Which deployment is tried first, and so the price shown, follows from priority and weight.
      write.modelsChanged([current.modelId]);
    });
    return this.get(id);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it is published or was used
   */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.#options.writes.run(actor, async write => {
      const current = await write.stores.deployments.get(id);
      if (!current) throw unknownDeployment(id);
      if (current.published) {
        throw new ConflictError(
          'The deployment is published. Unpublish it first.',
        );
      }
      if (await write.stores.deployments.wasUsed(id)) {
        throw new ConflictError(
          'The deployment was used, and bills refer to it. Leave it unpublished.',
        );
      }
      await write.stores.deployments.delete(id);
      await write.revision();
      await write.audit({
        action: 'deployment.delete',
        resourceKind: 'deployment',
        resourceId: id,
        changes: changesOf(
          {
            modelId: current.modelId,
            providerId: current.provider.id,
            ...fieldsOf(current),
          },
          undefined,
        ),
      });
    });
  }

  /**
   * Puts a deployment in service; one that is in service stays as it is.
   *
   * @throws NotFoundError
   * @throws ConflictError when its provider is disabled, or no price of it is in force: what it serves could not be billed
   */
  async publish(actor: Actor, id: string): Promise<PricedDeployment> {
    await this.#setPublished(actor, id, true, async (write, deployment) => {
      if (!deployment.provider.enabled) {
        throw new ConflictError(
          `The provider '${deployment.provider.name}' is disabled. Enable it first.`,
        );
      }
      const prices = await write.stores.prices.inForce([id], write.stamp.at);
      if (!prices.has(id)) {
        throw new ConflictError(
          'The deployment has no price in force. Set a price that starts now first.',
        );
      }
    });
    return this.get(id);
  }

  /**
   * Takes a deployment out of service; one that is not in service stays as it is.
   *
   * @throws NotFoundError
   * @throws ConflictError when an alias or a fallback would lead to nothing published
   */
  async unpublish(actor: Actor, id: string): Promise<PricedDeployment> {
    await this.#setPublished(actor, id, false, async () => {});
    return this.get(id);
  }

  async #setPublished(
    actor: Actor,
    id: string,
    published: boolean,
    refuse: (write: Write, deployment: DeploymentRecord) => Promise<void>,
  ): Promise<void> {
    await this.#options.writes.run(actor, async write => {
      const current = await write.stores.deployments.get(id);
      if (!current) throw unknownDeployment(id);
      if (current.published === published) return;
      await refuse(write, current);
      await refuseRoutingConflict(write.stores, () =>
        write.stores.deployments.setPublished(id, published, write.stamp),
      );
      await write.revision();
      await write.audit({
        action: published ? 'deployment.publish' : 'deployment.unpublish',
        resourceKind: 'deployment',
        resourceId: id,
        changes: changesOf({ published: !published }, { published }),
      });
      write.modelsChanged([current.modelId]);
    });
  }

  async #priced(
    deployments: readonly DeploymentRecord[],
  ): Promise<PricedDeployment[]> {
    if (deployments.length === 0) return [];
    const prices = await this.#options.stores.prices.inForce(
      deployments.map(deployment => deployment.id),
      new Date(this.#options.clock()),
    );
    return deployments.map(deployment => ({
      deployment,
      currentPrice: prices.get(deployment.id),
    }));
  }
}

function fieldsOf(deployment: DeploymentRecord) {
  const { upstreamModel, weight, priority, settings } = deployment;
  return {
    upstreamModel,
    weight,
    priority,
    settings,
  } satisfies DeploymentFields;
}

function unknownDeployment(id: string): NotFoundError {
  return new NotFoundError(`There is no deployment ${id}`);
}

function duplicate(modelId: string, upstreamModel: string) {
  return new FieldConflictError(
    'upstreamModel',
    `The model '${modelId}' has a deployment of '${upstreamModel}' at this provider already`,
  );
}
