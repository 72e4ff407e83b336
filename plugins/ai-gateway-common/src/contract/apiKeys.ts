import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import {
  entityRefSchema,
  slugSchema,
  timestampInputSchema,
  timestampSchema,
} from './fields';
import { pageOf, pageQuerySchema } from './page';

/** The public part of an API key, between its prefix and its secret. @public */
export const apiKeyIdSchema = z.string().regex(/^[0-9A-Za-z]{12}$/);

/** Whose credential a key is. @public */
export const apiKeyOwnerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), ref: entityRefSchema }),
  z.object({ kind: z.literal('app'), ref: entityRefSchema }),
  z.object({ kind: z.literal('project') }),
]);

/** {@inheritDoc apiKeyOwnerSchema} @public */
export type ApiKeyOwner = z.infer<typeof apiKeyOwnerSchema>;

/** A credential for the gateway. Its secret is in no answer but that to its creation. @public */
export const apiKeySchema = z
  .object({
    id: apiKeyIdSchema,
    label: z.string(),
    lastFour: z.string().length(4),
    projectId: slugSchema,
    owner: apiKeyOwnerSchema,
    /** Models that it may call; `null` for every model that its project may. */
    modelScope: z.array(slugSchema).nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: timestampSchema,
    createdBy: z.string(),
    expiresAt: timestampSchema.nullable(),
    revokedAt: timestampSchema.nullable(),
    revokedBy: z.string().nullable(),
    lastUsedAt: timestampSchema.nullable(),
    /** Whether the reader may revoke it. */
    canRevoke: z.boolean(),
  })
  .meta({ id: 'ApiKey' });

/** {@inheritDoc apiKeySchema} @public */
export type ApiKey = z.infer<typeof apiKeySchema>;

/** What somebody enters to create a key. @public */
export const createApiKeySchema = z
  .strictObject({
    label: z
      .string()
      .trim()
      .min(1, 'Enter a label that tells this key from the others')
      .max(80, 'Use at most 80 characters'),
    projectId: slugSchema,
    /** The caller's own key, a key of an app (a Component of the catalog that the caller's team owns), or one of the project. */
    owner: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('user') }),
        z.strictObject({
          kind: z.literal('app'),
          ref: entityRefSchema.startsWith(
            'component:',
            'Name a component, such as component:default/checkout',
          ),
        }),
        z.strictObject({ kind: z.literal('project') }),
      ])
      .default({ kind: 'user' }),
    modelScope: z
      .array(slugSchema)
      .min(1, 'Choose at least one model, or allow every model')
      .max(200, 'Choose at most 200 models')
      .nullable()
      .default(null),
    expiresAt: timestampInputSchema.nullable().default(null),
  })
  .meta({ id: 'CreateApiKey' });

/** {@inheritDoc createApiKeySchema} @public */
export type CreateApiKey = z.infer<typeof createApiKeySchema>;

/** The answer to a creation. @public */
export const createdApiKeySchema = z
  .object({
    apiKey: apiKeySchema,
    /** The whole key, once; `null` when the same idempotency key created it before. */
    secret: z.string().nullable(),
  })
  .meta({ id: 'CreatedApiKey' });

/** {@inheritDoc createdApiKeySchema} @public */
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;

/** Which keys. @public */
export const listApiKeysQuerySchema = pageQuerySchema.extend({
  projectId: slugSchema.optional(),
  state: z.enum(['active', 'expired', 'revoked']).optional(),
  search: z.string().trim().max(200).optional(),
});

/** {@inheritDoc listApiKeysQuerySchema} @public */
export type ListApiKeysQuery = z.input<typeof listApiKeysQuerySchema>;

const params = z.object({ apiKeyId: apiKeyIdSchema });
const tag = 'API keys';

/** Routes of API keys. @public */
export const apiKeyEndpoints = {
  listApiKeys: defineEndpoint({
    operationId: 'listApiKeys',
    method: 'get',
    path: '/api-keys',
    tag,
    summary: 'List the keys that the caller may see, newest first',
    query: listApiKeysQuerySchema,
    status: 200,
    response: pageOf(apiKeySchema),
  }),
  createApiKey: defineEndpoint({
    operationId: 'createApiKey',
    method: 'post',
    path: '/api-keys',
    tag,
    summary: 'Create a key; its secret is shown once',
    headers: z.object({
      'idempotency-key': z
        .string()
        .min(8)
        .max(128)
        .regex(/^[\x21-\x7e]+$/)
        .optional()
        .meta({
          description:
            'Makes a repeated creation by the same caller return the same key, without its secret',
        }),
    }),
    body: createApiKeySchema,
    status: 201,
    response: createdApiKeySchema,
  }),
  getApiKey: defineEndpoint({
    operationId: 'getApiKey',
    method: 'get',
    path: '/api-keys/{apiKeyId}',
    tag,
    summary: 'Get a key',
    params,
    status: 200,
    response: apiKeySchema,
  }),
  revokeApiKey: defineEndpoint({
    operationId: 'revokeApiKey',
    method: 'post',
    path: '/api-keys/{apiKeyId}/revoke',
    tag,
    summary: 'Revoke a key; revoking it again changes nothing',
    params,
    status: 200,
    response: apiKeySchema,
  }),
};
