import { z } from 'zod';
import { modelAliasSchema } from '../routing';
import { defineEndpoint } from './endpoint';
import { slugSchema, timestampSchema, versionSchema } from './fields';
import { pageOf, pageQuerySchema } from './page';

/** Another name by which a model can be asked for. @public */
export const modelAliasRecordSchema = z
  .object({
    alias: z.string(),
    /** A model or another alias. */
    target: z.string(),
    /** The model that it leads to in the end; `null` when it leads to none, which nobody can set. */
    modelId: slugSchema.nullable(),
    version: versionSchema,
    createdAt: timestampSchema,
    createdBy: z.string(),
    updatedAt: timestampSchema,
    updatedBy: z.string(),
  })
  .meta({ id: 'ModelAlias' });

/** {@inheritDoc modelAliasRecordSchema} @public */
export type ModelAlias = z.infer<typeof modelAliasRecordSchema>;

/** What an admin enters to give a model another name. @public */
export const createModelAliasSchema = z
  .strictObject({ alias: modelAliasSchema, target: modelAliasSchema })
  .meta({ id: 'CreateModelAlias' });

/** {@inheritDoc createModelAliasSchema} @public */
export type CreateModelAlias = z.infer<typeof createModelAliasSchema>;

/** Where an alias is to lead instead. @public */
export const updateModelAliasSchema = z
  .strictObject({ version: versionSchema, target: modelAliasSchema })
  .meta({ id: 'UpdateModelAlias' });

/** {@inheritDoc updateModelAliasSchema} @public */
export type UpdateModelAlias = z.infer<typeof updateModelAliasSchema>;

const params = z.object({ alias: modelAliasSchema });
const tag = 'Routing';

/** Routes of aliases. @public */
export const modelAliasEndpoints = {
  listModelAliases: defineEndpoint({
    operationId: 'listModelAliases',
    method: 'get',
    path: '/model-aliases',
    tag,
    summary: 'List the other names of models',
    query: pageQuerySchema.extend({ modelId: slugSchema.optional() }),
    status: 200,
    response: pageOf(modelAliasRecordSchema),
  }),
  createModelAlias: defineEndpoint({
    operationId: 'createModelAlias',
    method: 'post',
    path: '/model-aliases',
    tag,
    summary: 'Give a model another name',
    body: createModelAliasSchema,
    status: 201,
    response: modelAliasRecordSchema,
  }),
  updateModelAlias: defineEndpoint({
    operationId: 'updateModelAlias',
    method: 'patch',
    path: '/model-aliases/{alias}',
    tag,
    summary: 'Lead an alias to another model',
    params,
    body: updateModelAliasSchema,
    status: 200,
    response: modelAliasRecordSchema,
  }),
  deleteModelAlias: defineEndpoint({
    operationId: 'deleteModelAlias',
    method: 'delete',
    path: '/model-aliases/{alias}',
    tag,
    summary: 'Take a name away to which no other and no fallback leads',
    params,
    status: 204,
  }),
};
