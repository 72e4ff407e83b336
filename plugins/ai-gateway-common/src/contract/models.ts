import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import {
  descriptionSchema,
  entityRefSchema,
  slugSchema,
  timestampSchema,
  titleSchema,
  versionSchema,
} from './fields';
import { pageOf, pageQuerySchema } from './page';
import { priceAmountsSchema } from './prices';
import { providerKindSchema } from './providers';

/** What a model takes and gives. @public */
export const modalitySchema = z.enum([
  'chat',
  'completion',
  'embedding',
  'image',
  'audio',
  'moderation',
  'rerank',
]);

/** {@inheritDoc modalitySchema} @public */
export type Modality = z.infer<typeof modalitySchema>;

/** What a model can do beyond its modality. @public */
export const capabilitySchema = z.enum([
  'streaming',
  'tools',
  'vision',
  'json',
  'reasoning',
  'caching',
]);

/** {@inheritDoc capabilitySchema} @public */
export type Capability = z.infer<typeof capabilitySchema>;

/** How far a model is in its life, as its owner sees it. @public */
export const lifecycleSchema = z.enum([
  'experimental',
  'production',
  'deprecated',
]);

/** {@inheritDoc lifecycleSchema} @public */
export type Lifecycle = z.infer<typeof lifecycleSchema>;

/** Whether consumers can call a model. @public */
export const modelStatusSchema = z.enum([
  'available',
  'deprecated',
  'unpublished',
]);

/** {@inheritDoc modelStatusSchema} @public */
export type ModelStatus = z.infer<typeof modelStatusSchema>;

const contextWindowSchema = z
  .number()
  .int('Enter a whole number of tokens')
  .min(1, 'Enter at least one token')
  .max(100_000_000, 'Enter at most 100,000,000 tokens');

/** What consumers name in a request. @public */
export const modelSchema = z
  .object({
    id: slugSchema,
    title: titleSchema,
    description: descriptionSchema,
    modality: modalitySchema,
    capabilities: z.array(capabilitySchema),
    /** Tokens; `null` when unknown. */
    contextWindow: z.number().int().nullable(),
    maxOutputTokens: z.number().int().nullable(),
    ownerRef: entityRefSchema,
    lifecycle: lifecycleSchema,
    status: modelStatusSchema,
    /** Providers that serve it; only of published deployments unless the reader manages models. */
    providers: z.array(
      z.object({
        name: slugSchema,
        title: z.string(),
        kind: providerKindSchema,
      }),
    ),
    /** The price in force of the deployment that is tried first; `null` while none is published. */
    price: priceAmountsSchema.nullable(),
    /** The catalog entity of a published model. */
    entityRef: entityRefSchema.nullable(),
    version: versionSchema,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Model' });

/** {@inheritDoc modelSchema} @public */
export type Model = z.infer<typeof modelSchema>;

/** What an admin enters to add a model. @public */
export const createModelSchema = z
  .strictObject({
    id: slugSchema,
    title: titleSchema,
    description: descriptionSchema.default(''),
    modality: modalitySchema.default('chat'),
    capabilities: z.array(capabilitySchema).max(20).default([]),
    contextWindow: contextWindowSchema.nullable().default(null),
    maxOutputTokens: contextWindowSchema.nullable().default(null),
    ownerRef: entityRefSchema,
    lifecycle: lifecycleSchema.default('production'),
  })
  .meta({ id: 'CreateModel' });

/** {@inheritDoc createModelSchema} @public */
export type CreateModel = z.infer<typeof createModelSchema>;

/** What may change of a model. @public */
export const updateModelSchema = z
  .strictObject({
    version: versionSchema,
    title: titleSchema.optional(),
    description: descriptionSchema.optional(),
    modality: modalitySchema.optional(),
    capabilities: z.array(capabilitySchema).max(20).optional(),
    contextWindow: contextWindowSchema.nullable().optional(),
    maxOutputTokens: contextWindowSchema.nullable().optional(),
    ownerRef: entityRefSchema.optional(),
    lifecycle: lifecycleSchema.optional(),
  })
  .meta({ id: 'UpdateModel' });

/** {@inheritDoc updateModelSchema} @public */
export type UpdateModel = z.infer<typeof updateModelSchema>;

/** Which models. @public */
export const listModelsQuerySchema = pageQuerySchema.extend({
  /** Words to be found in id, title or description. */
  search: z.string().trim().max(200).optional(),
  modality: modalitySchema.optional(),
  capability: capabilitySchema.optional(),
  provider: slugSchema.optional(),
  /** `unpublished` is only for those who manage models; without it published models are listed, `all` lists both. */
  status: modelStatusSchema.or(z.literal('all')).optional(),
});

/** {@inheritDoc listModelsQuerySchema} @public */
export type ListModelsQuery = z.input<typeof listModelsQuerySchema>;

const params = z.object({ modelId: slugSchema });
const tag = 'Models';

/** Routes of models. @public */
export const modelEndpoints = {
  listModels: defineEndpoint({
    operationId: 'listModels',
    method: 'get',
    path: '/models',
    tag,
    summary: 'List models',
    query: listModelsQuerySchema,
    status: 200,
    response: pageOf(modelSchema),
  }),
  createModel: defineEndpoint({
    operationId: 'createModel',
    method: 'post',
    path: '/models',
    tag,
    summary: 'Add a model',
    body: createModelSchema,
    status: 201,
    response: modelSchema,
  }),
  getModel: defineEndpoint({
    operationId: 'getModel',
    method: 'get',
    path: '/models/{modelId}',
    tag,
    summary: 'Get a model',
    params,
    status: 200,
    response: modelSchema,
  }),
  updateModel: defineEndpoint({
    operationId: 'updateModel',
    method: 'patch',
    path: '/models/{modelId}',
    tag,
    summary: 'Change a model',
    params,
    body: updateModelSchema,
    status: 200,
    response: modelSchema,
  }),
  deleteModel: defineEndpoint({
    operationId: 'deleteModel',
    method: 'delete',
    path: '/models/{modelId}',
    tag,
    summary: 'Delete a model that has no deployments',
    params,
    status: 204,
  }),
};
