import type { OpenApiDocument } from './OpenApiDocument';
import { createDocument } from 'zod-openapi';
import {
  chatCompletionChunkSchema,
  chatCompletionRequestSchema,
  chatCompletionSchema,
  gatewayErrorSchema,
  gatewayModelListSchema,
  gatewayModelSchema,
} from '../gatewayContract';
import { z } from 'zod';

const failure = {
  description:
    "A refusal in OpenAI's error shape; `code` is stable and says why",
  content: { 'application/json': { schema: gatewayErrorSchema } },
};

/**
 * The OpenAPI 3.1 document of the gateway.
 *
 * @param serverUrl - where this gateway is reached, without `/v1`
 * @public
 */
export function gatewayOpenApi(serverUrl: string = '/'): OpenApiDocument {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'AI Gateway',
      version: '1.0.0',
      description:
        "OpenAI's API, served by the models of this portal. Point an OpenAI SDK's base URL at `/v1` and use a key of the portal.",
    },
    servers: [{ url: serverUrl }],
    security: [{ apiKey: [] }],
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key of the portal: `aigw_…`',
        },
      },
    },
    paths: {
      '/v1/chat/completions': {
        post: {
          operationId: 'createChatCompletion',
          summary: 'Create a chat completion, streamed or not',
          tags: ['Chat'],
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: chatCompletionRequestSchema },
            },
          },
          responses: {
            '200': {
              description:
                'The completion, or a stream of chunks that ends with `data: [DONE]`',
              content: {
                'application/json': { schema: chatCompletionSchema },
                'text/event-stream': { schema: chatCompletionChunkSchema },
              },
            },
            default: failure,
          },
        },
      },
      '/v1/models': {
        get: {
          operationId: 'listModels',
          summary: 'List the models that this key may call',
          tags: ['Models'],
          responses: {
            '200': {
              description: 'The models',
              content: {
                'application/json': { schema: gatewayModelListSchema },
              },
            },
            default: failure,
          },
        },
      },
      '/v1/models/{model}': {
        get: {
          operationId: 'getModel',
          summary: 'Get one model that this key may call',
          tags: ['Models'],
          requestParams: { path: z.object({ model: z.string() }) },
          responses: {
            '200': {
              description: 'The model',
              content: { 'application/json': { schema: gatewayModelSchema } },
            },
            default: failure,
          },
        },
      },
      '/healthz': {
        get: {
          operationId: 'getHealth',
          summary: 'Whether the process is alive',
          tags: ['Health'],
          security: [],
          responses: { '200': { description: 'Alive' } },
        },
      },
      '/readyz': {
        get: {
          operationId: 'getReadiness',
          summary: 'Whether the gateway takes traffic',
          tags: ['Health'],
          security: [],
          responses: {
            '200': { description: 'Ready' },
            '503': { description: 'Starting or draining; the body says why' },
          },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'getOpenApi',
          summary: 'This document',
          tags: ['Health'],
          security: [],
          responses: { '200': { description: 'This document' } },
        },
      },
    },
  });
}
