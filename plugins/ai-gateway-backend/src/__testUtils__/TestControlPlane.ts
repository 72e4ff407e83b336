import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { permissionsServiceFactory } from '@backstage/backend-defaults/permissions';
import { permissionsRegistryServiceFactory } from '@backstage/backend-defaults/permissionsRegistry';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import permissionPlugin from '@backstage/plugin-permission-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  MODELS_CHANGED_TOPIC,
  type Endpoint,
  type EndpointInput,
  type EndpointOutput,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { Knex } from 'knex';
import request from 'supertest';
import { aiGatewayPlugin } from '../plugin';
import { authWithActors } from './authWithActors';
import { catalogEntities } from './catalogEntities';
import { ownershipRefsOf, people, type Person } from './people';
import { permissionPolicy } from './permissionPolicy';

// A backend and a database of its own for each test: on a busy machine that takes longer than Jest's five seconds.
jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

/** Keys API keys' digests in tests. */
export const TEST_PEPPER = 'test-pepper-test-pepper-test-pepper-0';

/** What came of a request. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** How every refusal looks. */
export interface Refusal {
  readonly error: {
    readonly name: string;
    readonly message: string;
    readonly fields?: ReadonlyArray<{ path: string; message: string }>;
  };
}

/**
 * The plugin in a Backstage backend of its own, with a real PostgreSQL, and with Backstage's permission backend under the policy of
 * this package. Only sign-in, catalog and events are stand-ins.
 */
export class TestControlPlane {
  readonly db: Knex;
  /** What the catalog was told of, one element for each event. */
  readonly modelsChanged: string[][];
  readonly #server: Parameters<typeof request>[0];

  static async start(
    options: { config?: Record<string, unknown> } = {},
  ): Promise<TestControlPlane> {
    process.env.TEST_KEY_PEPPER = TEST_PEPPER;
    const db = await databases.init('POSTGRES_18');
    const modelsChanged: string[][] = [];
    const { server } = await startTestBackend({
      features: [
        aiGatewayPlugin,
        permissionPlugin,
        permissionPolicy,
        authWithActors,
        permissionsServiceFactory,
        permissionsRegistryServiceFactory,
        catalogServiceMock.factory({ entities: catalogEntities }),
        mockServices.database.factory({ knex: db }),
        mockServices.httpAuth.factory({
          defaultCredentials: mockCredentials.none(),
        }),
        createServiceFactory({
          service: coreServices.userInfo,
          deps: {},
          factory: () => ({
            async getUserInfo({ principal }) {
              const userEntityRef =
                typeof principal === 'object' &&
                principal !== null &&
                'userEntityRef' in principal
                  ? String(principal.userEntityRef)
                  : '';
              return {
                userEntityRef,
                ownershipEntityRefs: ownershipRefsOf(userEntityRef),
              };
            },
          }),
        }),
        createServiceFactory({
          service: eventsServiceRef,
          deps: {},
          factory: () => ({
            async publish({ topic, eventPayload }) {
              if (topic !== MODELS_CHANGED_TOPIC) return;
              modelsChanged.push(
                Object(eventPayload).modelIds.map(String).sort(),
              );
            },
            async subscribe() {},
          }),
        }),
        mockServices.rootConfig.factory({
          data: {
            permission: { enabled: true },
            aiGateway: {
              gateway: { publicUrl: 'https://ai.example.com/' },
              keys: {
                peppers: [{ version: 1, secretRef: 'env://TEST_KEY_PEPPER' }],
              },
              network: { allowPrivateAddresses: true },
            },
            ...options.config,
          },
        }),
      ],
    });
    return new TestControlPlane(db, modelsChanged, server);
  }

  private constructor(
    db: Knex,
    modelsChanged: string[][],
    server: Parameters<typeof request>[0],
  ) {
    this.db = db;
    this.modelsChanged = modelsChanged;
    this.#server = server;
  }

  /** Sends a request as it is, whatever the contract says of it, and gives what comes back whole. */
  async sendRaw(
    person: Person,
    method: Endpoint['method'],
    path: string,
    options: {
      body?: string | object;
      headers?: Record<string, string>;
    } = {},
  ): Promise<request.Response> {
    const sent = request(this.#server)
      [method](`/api/ai-gateway${path}`)
      .set('authorization', people[person])
      .set(options.headers ?? {});
    return options.body === undefined
      ? sent
      : sent.set('content-type', 'application/json').send(options.body);
  }

  /** Sends a request that may or may not fit the contract. */
  async call<T extends Endpoint>(
    person: Person,
    endpoint: T,
    input: LooseInput = {},
  ): Promise<Answer<EndpointOutput<T> & Refusal>> {
    const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(input.params?.[name])),
    );
    const query = new URLSearchParams(
      Object.entries(input.query ?? {}).map(([name, value]) => [
        name,
        String(value),
      ]),
    );
    const { status, body } = await this.sendRaw(
      person,
      endpoint.method,
      `${path}?${query}`,
      { body: input.body, headers: input.headers },
    );
    return { status, body };
  }

  /** Sends a request that must succeed, and gives what it gives. */
  async ok<T extends Endpoint>(
    person: Person,
    endpoint: T,
    input: EndpointInput<T>,
  ): Promise<EndpointOutput<T>> {
    const { status, body } = await this.call(
      person,
      endpoint,
      input as LooseInput,
    );
    if (status !== endpoint.status) {
      throw new Error(
        `${endpoint.operationId} answered ${status}: ${JSON.stringify(body)}`,
      );
    }
    return body;
  }

  /** The audit events of a resource, oldest first. */
  async audit(resourceId: string) {
    return this.db('audit_events')
      .where({ resource_id: resourceId })
      .orderBy('id');
  }

  /** The newest revision of the configuration. */
  async revision(): Promise<number> {
    const row = await this.db('config_revision').first('revision');
    return Number(row.revision);
  }
}

interface LooseInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: object;
}
