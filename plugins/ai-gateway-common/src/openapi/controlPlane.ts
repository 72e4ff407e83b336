import type { OpenApiDocument } from './OpenApiDocument';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { apiErrorSchema, endpoints, type Endpoint } from '../contract';

/** The OpenAPI 3.1 document of the control plane, relative to `/api/ai-gateway`. @public */
export function controlPlaneOpenApi(): OpenApiDocument {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'AI Gateway control plane',
      version: '1.0.0',
      description:
        'Models, routing, providers, prices, projects, API keys, limits, budgets, policies and usage. Money is an exact decimal of US dollars in a string.',
    },
    servers: [{ url: '/api/ai-gateway' }],
    security: [{ backstage: [] }],
    components: {
      securitySchemes: {
        backstage: {
          type: 'http',
          scheme: 'bearer',
          description: 'A Backstage user token, or a token of a service',
        },
      },
    },
    paths: paths(Object.values(endpoints)),
  });
}

function paths(all: readonly Endpoint[]): ZodOpenApiPathsObject {
  const result: ZodOpenApiPathsObject = {};
  for (const endpoint of all) {
    result[endpoint.path] = {
      ...result[endpoint.path],
      [endpoint.method]: operation(endpoint),
    };
  }
  return result;
}

function operation(endpoint: Endpoint) {
  return {
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    requestParams: {
      ...(endpoint.params && { path: endpoint.params }),
      ...(endpoint.query && { query: endpoint.query }),
      ...(endpoint.headers && { header: endpoint.headers }),
    },
    ...(endpoint.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: endpoint.body } },
      },
    }),
    responses: {
      [String(endpoint.status)]: {
        description: endpoint.summary,
        ...(endpoint.response && {
          content: { 'application/json': { schema: endpoint.response } },
        }),
      },
      default: {
        description:
          'A refusal: 400 malformed, 401 not signed in, 403 not allowed, 404 unknown or not visible, 409 conflict',
        content: { 'application/json': { schema: apiErrorSchema } },
      },
    },
  };
}
