import { ConflictError, NotFoundError } from '@backstage/errors';
import { findSettingsProblem } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  CreateProvider,
  FieldProblem,
  Page,
  ProviderTestResult,
  TestProvider,
  UpdateProvider,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type {
  AddressPolicy,
  SecretResolver,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { changesOf, isChanged } from '../database/changesOf';
import type {
  ProviderFields,
  ProviderRecord,
} from '../database/providers/ProviderStore';
import type { Stores } from '../database/Stores';
import type { Writes } from '../database/Writes';
import { FieldConflictError, ValidationError } from '../errors';
import type { Actor } from '../http/Caller';
import type { ConnectionTester } from '../providers/ConnectionTester';
import { refuseRoutingConflict } from './routingConflicts';
import { refuseStale } from './stale';

interface ProviderServiceOptions {
  readonly stores: Stores;
  readonly writes: Writes;
  readonly newId: () => string;
  readonly addresses: AddressPolicy;
  readonly secrets: SecretResolver;
  readonly connections: ConnectionTester;
}

/** Upstream accounts. */
export class ProviderService {
  readonly #options: ProviderServiceOptions;

  static create(options: ProviderServiceOptions): ProviderService {
    return new ProviderService(options);
  }

  private constructor(options: ProviderServiceOptions) {
    this.#options = options;
  }

  async list(page: {
    limit: number;
    offset: number;
  }): Promise<Page<ProviderRecord>> {
    return this.#options.stores.providers.list(page);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<ProviderRecord> {
    const provider = await this.#options.stores.providers.get(id);
    if (!provider) throw unknownProvider(id);
    return provider;
  }

  /**
   * @throws ValidationError when the URL or the secret may not be used here
   * @throws FieldConflictError when there is one of this name
   */
  async create(actor: Actor, input: CreateProvider): Promise<ProviderRecord> {
    this.#refuseForbidden(input);
    refuseSettings(input);
    const { name, ...fields } = input;
    const id = this.#options.newId();
    await this.#options.writes.run(actor, async write => {
      const inserted = await write.stores.providers.insert(
        { id, name },
        fields,
        write.stamp,
      );
      if (!inserted) {
        throw new FieldConflictError(
          'name',
          `There is a provider '${name}' already`,
        );
      }
      await write.revision();
      await write.audit({
        action: 'provider.create',
        resourceKind: 'provider',
        resourceId: id,
        changes: changesOf(undefined, { name, ...fields }),
      });
    });
    return this.get(id);
  }

  /**
   * @throws NotFoundError
   * @throws ValidationError when the URL or the secret may not be used here
   * @throws ConflictError when it was changed since the caller read it, or without it an alias or a fallback would lead to nothing published
   */
  async update(
    actor: Actor,
    id: string,
    { version, ...entered }: UpdateProvider,
  ): Promise<ProviderRecord> {
    this.#refuseForbidden(entered);
    await this.#options.writes.run(actor, async write => {
      const current = await write.stores.providers.get(id);
      if (!current) throw unknownProvider(id);
      refuseStale('provider', current, version);
      const before = fieldsOf(current);
      const after = { ...before, ...entered };
      refuseSettings(after);
      const changes = changesOf(before, after);
      if (!isChanged(changes)) return;
      await refuseRoutingConflict(write.stores, () =>
        write.stores.providers.update(id, after, write.stamp),
      );
      await write.revision();
      await write.audit({
        action: 'provider.update',
        resourceKind: 'provider',
        resourceId: id,
        changes,
      });
      write.modelsChanged(await write.stores.providers.publishedModelIds(id));
    });
    return this.get(id);
  }

  /**
   * @throws NotFoundError
   * @throws ConflictError when it has deployments
   */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.#options.writes.run(actor, async write => {
      const current = await write.stores.providers.get(id);
      if (!current) throw unknownProvider(id);
      if (current.deploymentCount > 0) {
        throw new ConflictError(
          `The provider '${current.name}' has ${current.deploymentCount === 1 ? 'a deployment' : `${current.deploymentCount} deployments`}. Delete them first, or disable the provider.`,
        );
      }
      await write.stores.providers.delete(id);
      await write.revision();
      await write.audit({
        action: 'provider.delete',
        resourceKind: 'provider',
        resourceId: id,
        changes: changesOf(
          { name: current.name, ...fieldsOf(current) },
          undefined,
        ),
      });
    });
  }

  /** Tries a connection that is not saved. */
  async testDraft(draft: TestProvider): Promise<ProviderTestResult> {
    return this.#options.connections.test(draft);
  }

  /** Tries the connection of a saved provider. @throws NotFoundError */
  async test(id: string): Promise<ProviderTestResult> {
    return this.#options.connections.test(await this.get(id));
  }

  #refuseForbidden(entered: {
    baseUrl?: string;
    secretRef?: string | null;
  }): void {
    const problems: FieldProblem[] = [];
    if (entered.baseUrl !== undefined) {
      const verdict = this.#options.addresses.checkUrl(entered.baseUrl);
      if (!verdict.ok) {
        problems.push({ path: 'baseUrl', message: verdict.reason });
      }
    }
    if (typeof entered.secretRef === 'string') {
      const verdict = this.#options.secrets.check(entered.secretRef);
      if (!verdict.ok) {
        problems.push({ path: 'secretRef', message: verdict.reason });
      }
    }
    if (problems.length > 0) throw new ValidationError(problems);
  }
}

/** What a kind of provider has no use for is a mistake, and not to be left lying about. */
function refuseSettings(
  fields: Pick<ProviderFields, 'kind' | 'settings'>,
): void {
  const problem = findSettingsProblem(fields.kind, fields.settings);
  if (!problem) return;
  const { setting, message } = problem;
  throw new ValidationError([{ path: `settings.${setting}`, message }]);
}

function fieldsOf(provider: ProviderRecord) {
  const { title, kind, baseUrl, secretRef, settings, enabled } = provider;
  return {
    title,
    kind,
    baseUrl,
    secretRef,
    settings,
    enabled,
  } satisfies ProviderFields;
}

function unknownProvider(id: string): NotFoundError {
  return new NotFoundError(`There is no provider ${id}`);
}
