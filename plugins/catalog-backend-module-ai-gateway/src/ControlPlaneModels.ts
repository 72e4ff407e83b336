import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import {
  callEndpoint,
  ControlPlaneError,
  endpoints,
  type ControlPlaneFetch,
  type Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

const PAGE_SIZE = 500;

/** Reads models from the control plane, as the catalog's own service identity. */
export class ControlPlaneModels {
  readonly #fetch: ControlPlaneFetch;

  static create(options: {
    auth: AuthService;
    discovery: DiscoveryService;
  }): ControlPlaneModels {
    const { auth, discovery } = options;
    return new ControlPlaneModels(async (path, init) => {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: await auth.getOwnServiceCredentials(),
        targetPluginId: 'ai-gateway',
      });
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(`${await discovery.getBaseUrl('ai-gateway')}${path}`, {
        ...init,
        headers,
        signal: AbortSignal.timeout(10_000),
      });
    });
  }

  private constructor(request: ControlPlaneFetch) {
    this.#fetch = request;
  }

  /** All models that consumers can call. */
  async listPublished(): Promise<Model[]> {
    const models: Model[] = [];
    for (;;) {
      const page = await callEndpoint(this.#fetch, endpoints.listModels, {
        query: { limit: PAGE_SIZE, offset: models.length },
      });
      models.push(...page.items);
      if (page.items.length < PAGE_SIZE) return models;
    }
  }

  /** One model if consumers can call it, else `undefined`. */
  async getPublished(modelId: string): Promise<Model | undefined> {
    try {
      const model = await callEndpoint(this.#fetch, endpoints.getModel, {
        params: { modelId },
      });
      return model.status === 'unpublished' ? undefined : model;
    } catch (error) {
      if (error instanceof ControlPlaneError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }
}
