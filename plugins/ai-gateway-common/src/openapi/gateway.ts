import type { OpenApiDocument } from './OpenApiDocument';
import { createDocument } from 'zod-openapi';
import {
  anthropicErrorSchema,
  chatCompletionChunkSchema,
  chatCompletionRequestSchema,
  chatCompletionSchema,
  completionRequestSchema,
  completionSchema,
  countTokensRequestSchema,
  embeddingListSchema,
  embeddingRequestSchema,
  gatewayErrorSchema,
  gatewayModelListSchema,
  gatewayModelSchema,
  messageEventSchema,
  messageRequestSchema,
  messageSchema,
  tokenCountSchema,
} from '../gatewayContract';
import { z } from 'zod';

const failure = {
  description:
    "A refusal in OpenAI's error shape; `code` is stable and says why",
  content: { 'application/json': { schema: gatewayErrorSchema } },
};

const anthropicFailure = {
  description:
    "A refusal in Anthropic's error shape; `code` is stable and says why",
  content: { 'application/json': { schema: anthropicErrorSchema } },
};

const anthropicSecurity: Array<Record<string, string[]>> = [
  { apiKey: [] },
  { apiKeyHeader: [] },
];

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
        "OpenAI's and Anthropic's APIs, served by the models of this portal. Point an OpenAI SDK's base URL at `/v1`, or an Anthropic SDK's at the server itself, and use a key of the portal.",
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
        apiKeyHeader: {
          type: 'apiKey',
          in: 'header',
          name: 'x-api-key',
          description: "The same, as Anthropic's clients send it",
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
      '/v1/completions': {
        post: {
          operationId: 'createCompletion',
          summary: 'Go on with a text, streamed or not',
          tags: ['Completions'],
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: completionRequestSchema },
            },
          },
          responses: {
            '200': {
              description:
                'The text, or a stream of pieces that ends with `data: [DONE]`',
              content: {
                'application/json': { schema: completionSchema },
                'text/event-stream': { schema: completionSchema },
              },
            },
            default: failure,
          },
        },
      },
      '/v1/embeddings': {
        post: {
          operationId: 'createEmbedding',
          summary: 'Make vectors of texts',
          tags: ['Embeddings'],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: embeddingRequestSchema } },
          },
          responses: {
            '200': {
              description: 'The vectors',
              content: { 'application/json': { schema: embeddingListSchema } },
            },
            default: failure,
          },
        },
      },
      '/v1/messages': {
        post: {
          operationId: 'createMessage',
          summary: "Create a message in Anthropic's dialect, streamed or not",
          tags: ['Messages'],
          security: anthropicSecurity,
          requestBody: {
            required: true,
            content: { 'application/json': { schema: messageRequestSchema } },
          },
          responses: {
            '200': {
              description:
                'The message, or a stream of events that ends with `message_stop`',
              content: {
                'application/json': { schema: messageSchema },
                'text/event-stream': { schema: messageEventSchema },
              },
            },
            default: anthropicFailure,
          },
        },
      },
      '/v1/messages/count_tokens': {
        post: {
          operationId: 'countTokens',
          summary:
            'Count what a message would give the model to read, for free',
          tags: ['Messages'],
          security: anthropicSecurity,
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: countTokensRequestSchema },
            },
          },
          responses: {
            '200': {
              description:
                'The count; an estimate where the header `x-token-count: estimated` says so',
              content: { 'application/json': { schema: tokenCountSchema } },
            },
            default: anthropicFailure,
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
