import { NotFoundError } from '@backstage/errors';
import {
  healthSettingsSchema,
  resolveModelName,
  retrySettingsSchema,
  timeoutSettingsSchema,
  type Page,
  type UpdateModelRouting,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { AuditEvent } from '../database/audit/AuditStore';
import { changesOf, isChanged } from '../database/changesOf';
import type { DeploymentStateRecord } from '../database/deploymentStates/DeploymentStateStore';
import type { GatewayRecord } from '../database/gateways/GatewayStore';
import type {
  RoutingFields,
  RoutingRecord,
} from '../database/routing/RoutingStore';
import type { Stores } from '../database/Stores';
import type { Writes } from '../database/Writes';
import { ValidationError } from '../errors';
import type { Actor } from '../http/Caller';
import { DAY_MS } from './gatewayLife';
import { refuseRoutingConflict } from './routingConflicts';
import { refuseStale } from './stale';

/** How a model is routed, and its other names. */
export interface RoutedModel {
  readonly modelId: string;
  readonly fields: RoutingFields;
  /** `undefined` while nobody has said. */
  readonly record: RoutingRecord | undefined;
  readonly aliases: readonly string[];
}

/** How a gateway finds a deployment; no state when it has not used it. */
export interface DeploymentOnGateway {
  readonly gateway: GatewayRecord;
  readonly state: DeploymentStateRecord | undefined;
}

const DEFAULTS: RoutingFields = {
  strategy: 'priority',
  fallbackModels: [],
  retries: retrySettingsSchema.parse({}),
  health: healthSettingsSchema.parse({}),
  timeouts: timeoutSettingsSchema.parse({}),
};

/** How requests find a deployment. */
export class RoutingService {
  readonly #stores: Stores;
  readonly #writes: Writes;

  static create(options: { stores: Stores; writes: Writes }): RoutingService {
    return new RoutingService(options.stores, options.writes);
  }

  private constructor(stores: Stores, writes: Writes) {
    this.#stores = stores;
    this.#writes = writes;
  }

  /** @throws NotFoundError when there is no such model */
  async get(modelId: string): Promise<RoutedModel> {
    const { models, routing } = this.#stores;
    if (!(await models.get(modelId))) throw unknownModel(modelId);
    const record = await routing.get(modelId);
    const table = await routing.table();
    const targets = new Map(table.aliases.map(row => [row.alias, row.target]));
    return {
      modelId,
      fields: fieldsOf(record),
      record,
      aliases: table.aliases
        .map(({ alias }) => alias)
        .filter(
          alias => resolveModelName(alias, table.models, targets) === modelId,
        ),
    };
  }

  /**
   * @throws NotFoundError when there is no such model
   * @throws ConflictError when it was changed since the caller read it
   * @throws ValidationError when a fallback leads nowhere, or back
   */
  async update(
    actor: Actor,
    modelId: string,
    { version, ...entered }: UpdateModelRouting,
  ): Promise<RoutedModel> {
    await this.#writes.run(actor, async write => {
      const { stores, stamp } = write;
      const model = await stores.models.get(modelId);
      if (!model) throw unknownModel(modelId);
      const current = await stores.routing.get(modelId);
      refuseStale(
        'routing',
        current ?? {
          version: 0,
          updatedAt: model.createdAt,
          updatedBy: model.updatedBy,
        },
        version,
      );
      const before = fieldsOf(current);
      const after = { ...before, ...entered };
      const changes = changesOf({ ...before }, { ...after });
      if (!isChanged(changes)) return;
      await refuseRoutingConflict(
        stores,
        () => stores.routing.put(modelId, after, stamp),
        (_, message) => ValidationError.of('fallbackModels', message),
      );
      await write.revision();
      await write.audit({
        action: 'routing.update',
        resourceKind: 'routing',
        resourceId: modelId,
        changes,
      });
    });
    return this.get(modelId);
  }

  /** @throws NotFoundError when there is no such model */
  async history(
    modelId: string,
    page: { limit: number; offset: number },
  ): Promise<Page<AuditEvent>> {
    const { models, audit } = this.#stores;
    if (!(await models.get(modelId))) throw unknownModel(modelId);
    return audit.history(
      { resourceKind: 'routing', resourceId: modelId },
      page,
    );
  }

  /** How each gateway that was seen in the last day finds a deployment. @throws NotFoundError when there is no such deployment */
  async states(deploymentId: string): Promise<DeploymentOnGateway[]> {
    const { deployments, gateways, deploymentStates } = this.#stores;
    if (!(await deployments.get(deploymentId))) {
      throw new NotFoundError(`There is no deployment ${deploymentId}`);
    }
    const states = new Map(
      (await deploymentStates.of(deploymentId)).map(state => [
        state.gatewayId,
        state,
      ]),
    );
    const seen = await gateways.listSeenWithin(DAY_MS);
    return seen.map(gateway => ({ gateway, state: states.get(gateway.id) }));
  }
}

function fieldsOf(record: RoutingRecord | undefined): RoutingFields {
  if (!record) return DEFAULTS;
  const { strategy, fallbackModels, retries, health, timeouts } = record;
  return { strategy, fallbackModels, retries, health, timeouts };
}

function unknownModel(id: string): NotFoundError {
  return new NotFoundError(`There is no model '${id}'`);
}
