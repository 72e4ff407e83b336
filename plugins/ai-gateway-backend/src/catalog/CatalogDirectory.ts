import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY, type Entity } from '@backstage/catalog-model';
import { ServiceUnavailableError, toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/**
 * What the catalog knows of groups and components.
 *
 * Asked as the plugin itself and not as the caller: whether a reference holds must not depend on what the caller may see, and callers learn
 * no more than that of it.
 */
export class CatalogDirectory {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #logger: LoggerService;

  static create(options: {
    catalog: CatalogService;
    auth: AuthService;
    logger: LoggerService;
  }): CatalogDirectory {
    return new CatalogDirectory(options);
  }

  private constructor(options: {
    catalog: CatalogService;
    auth: AuthService;
    logger: LoggerService;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#logger = options.logger;
  }

  /** @throws ServiceUnavailableError when the catalog does not answer */
  async exists(ref: string): Promise<boolean> {
    return (await this.#find(ref)) !== undefined;
  }

  /**
   * The references of those who own an entity; `undefined` when there is no such entity.
   *
   * @throws ServiceUnavailableError when the catalog does not answer
   */
  async ownersOf(ref: string): Promise<string[] | undefined> {
    const entity = await this.#find(ref);
    return (
      entity &&
      (entity.relations ?? [])
        .filter(relation => relation.type === RELATION_OWNED_BY)
        .map(relation => relation.targetRef)
    );
  }

  async #find(ref: string): Promise<Entity | undefined> {
    try {
      return await this.#catalog.getEntityByRef(ref, {
        credentials: await this.#auth.getOwnServiceCredentials(),
      });
    } catch (error) {
      // The cause names internal addresses, so it goes to the log and not to the caller.
      this.#logger.error(
        `The catalog could not look ${ref} up`,
        toError(error),
      );
      throw new ServiceUnavailableError(
        `The catalog did not answer, so that ${ref} could not be looked up. Try again in a moment.`,
      );
    }
  }
}
