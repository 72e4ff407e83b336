import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import type { Model } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { allEntities, modelEntity } from './entities';
import type { CatalogSettings } from './settings';

const LOCATION_KEY = 'ai-gateway';

/** What the provider needs of the control plane. */
export interface PublishedModels {
  listPublished(): Promise<Model[]>;
  /** `undefined` when consumers cannot call it. */
  getPublished(modelId: string): Promise<Model | undefined>;
}

/**
 * Keeps the catalog's `ai-model` Resources equal to the published models.
 *
 * Two ways lead to the same state: an event names the models that changed, which are read again and applied as a delta; a full sync
 * repairs what an event missed. They run one after the other, so that an older reading never overwrites a newer one.
 *
 * @public
 */
export class AiGatewayEntityProvider implements EntityProvider {
  readonly #models: PublishedModels;
  readonly #settings: CatalogSettings;
  readonly #logger: LoggerService;
  #connection: EntityProviderConnection | undefined;
  #last: Promise<void> = Promise.resolve();

  static create(options: {
    models: PublishedModels;
    settings: CatalogSettings;
    logger: LoggerService;
  }): AiGatewayEntityProvider {
    return new AiGatewayEntityProvider(options);
  }

  private constructor(options: {
    models: PublishedModels;
    settings: CatalogSettings;
    logger: LoggerService;
  }) {
    this.#models = options.models;
    this.#settings = options.settings;
    this.#logger = options.logger;
  }

  getProviderName(): string {
    return 'ai-gateway';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.#connection = connection;
  }

  /** Reads all published models and makes the catalog hold exactly these. @throws when the control plane cannot be read */
  async sync(): Promise<void> {
    await this.#inTurn(async connection => {
      const models = await this.#models.listPublished();
      await connection.applyMutation({
        type: 'full',
        entities: allEntities(models, this.#settings).map(entity => ({
          entity,
          locationKey: LOCATION_KEY,
        })),
      });
    });
  }

  /** Applies the models that an event names. Never throws: the next full sync repairs what failed here. */
  async onModelsChanged(payload: unknown): Promise<void> {
    const modelIds = readModelIds(payload);
    try {
      await this.#inTurn(async connection => {
        const read = await Promise.all(
          modelIds.map(async id => ({
            id,
            model: await this.#models.getPublished(id),
          })),
        );
        await connection.applyMutation({
          type: 'delta',
          added: read.flatMap(({ model }) =>
            model
              ? [
                  {
                    entity: modelEntity(model, this.#settings),
                    locationKey: LOCATION_KEY,
                  },
                ]
              : [],
          ),
          removed: read.flatMap(({ id, model }) =>
            model
              ? []
              : [
                  {
                    entityRef: `resource:default/${id}`,
                    locationKey: LOCATION_KEY,
                  },
                ],
          ),
        });
      });
    } catch (error) {
      this.#logger.warn(
        `Could not apply a change of ${modelIds.join(', ')} to the catalog; the next full sync will`,
        toError(error),
      );
    }
  }

  #inTurn(
    work: (connection: EntityProviderConnection) => Promise<void>,
  ): Promise<void> {
    const turn = this.#last.then(async () => {
      // Before the catalog connects there is nothing to change; the first full sync brings everything.
      if (this.#connection) await work(this.#connection);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function readModelIds(payload: unknown): string[] {
  if (
    typeof payload !== 'object' ||
    payload === null ||
    !('modelIds' in payload) ||
    !Array.isArray(payload.modelIds)
  ) {
    return [];
  }
  return payload.modelIds.filter(id => typeof id === 'string');
}
