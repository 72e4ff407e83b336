import type {
  ApiKey,
  Me,
  Model,
  Project,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { type EndpointHandlers, Refusal } from './ControlPlaneDouble';
import { apiKeyOf, engineerOf } from './fixtures';

/** What the portal holds; the arrays and keys change as the API is called. */
export interface PortalState {
  me: Me;
  models: Model[];
  projects: Project[];
  apiKeys: ApiKey[];
}

/** The secret of every key that is created here. */
export const SECRET =
  'aigw_7Hq2LmX9bRtc_u3K9vTqYw1ZsEo8RnJ6hPdFgL4mXcB2aQ7iVtNzUk0S_5fWx9A';

/** A portal with nothing in it but one engineer and their project. */
export function emptyPortal(some: Partial<PortalState> = {}): PortalState {
  return { me: engineerOf(), models: [], projects: [], apiKeys: [], ...some };
}

/** Answers of what an engineer does: look at models and projects; create, list and revoke keys. */
export function portalHandlers(
  state: PortalState,
  now: () => number = Date.now,
): EndpointHandlers {
  const moment = () => new Date(now()).toISOString();
  const keyOf = (apiKeyId: string) => {
    const found = state.apiKeys.find(({ id }) => id === apiKeyId);
    if (!found) throw new Refusal(404, `There is no key ${apiKeyId}`);
    return found;
  };
  const created = new Map<string, ApiKey>();

  return {
    getMe: () => state.me,
    listModels: ({ query: { limit, offset } }) => ({
      items: state.models.slice(offset, offset + limit),
      totalCount: state.models.length,
    }),
    getModel: ({ params: { modelId } }) => {
      const found = state.models.find(({ id }) => id === modelId);
      if (!found) throw new Refusal(404, `There is no model ${modelId}`);
      return found;
    },
    listProjects: () => ({
      items: state.projects,
      totalCount: state.projects.length,
    }),
    listApiKeys: ({ query }) => {
      const matching = state.apiKeys.filter(
        key =>
          (!query.projectId || key.projectId === query.projectId) &&
          (!query.state || key.state === query.state) &&
          (!query.search || key.label.includes(query.search)),
      );
      return {
        items: matching.slice(query.offset, query.offset + query.limit),
        totalCount: matching.length,
      };
    },
    getApiKey: ({ params: { apiKeyId } }) => keyOf(apiKeyId),
    createApiKey: ({ body, headers }) => {
      const idempotencyKey = headers.get('idempotency-key') ?? '';
      const before = created.get(idempotencyKey);
      if (before) return { apiKey: before, secret: null };
      const { userRef } = state.me;
      const apiKey = apiKeyOf(body.label, {
        id: `Key${String(state.apiKeys.length).padStart(9, '0')}`,
        projectId: body.projectId,
        owner:
          body.owner.kind === 'user'
            ? { kind: 'user', ref: userRef }
            : body.owner,
        modelScope: body.modelScope,
        expiresAt: body.expiresAt,
        lastFour: SECRET.slice(-4),
        createdAt: moment(),
        createdBy: userRef,
      });
      created.set(idempotencyKey, apiKey);
      state.apiKeys.unshift(apiKey);
      return { apiKey, secret: SECRET };
    },
    revokeApiKey: ({ params: { apiKeyId } }) =>
      Object.assign(keyOf(apiKeyId), {
        state: 'revoked',
        revokedAt: moment(),
        revokedBy: state.me.userRef,
      }),
  };
}
