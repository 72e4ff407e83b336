import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import {
  slugSchema,
  timestampSchema,
  uuidSchema,
  versionSchema,
} from './fields';
import { pageOf, pageQuerySchema } from './page';
import { priceSchema } from './prices';
import { PROVIDER_SETTINGS, providerSettingsSchema } from './providerSettings';
import { providerKindSchema } from './providers';

/** One upstream target of a model. @public */
export const deploymentSchema = z
  .object({
    id: uuidSchema,
    modelId: slugSchema,
    provider: z.object({
      id: uuidSchema,
      name: slugSchema,
      title: z.string(),
      kind: providerKindSchema,
      enabled: z.boolean(),
    }),
    upstreamModel: z.string(),
    /** Share of the traffic among deployments of the same priority. */
    weight: z.number().int(),
    /** Lower is tried first. */
    priority: z.number().int(),
    /** What is other with this model than its provider says. */
    settings: z.looseObject(PROVIDER_SETTINGS),
    published: z.boolean(),
    /** Who published or unpublished it last, and when; `null` when it never was. */
    publication: z
      .object({ changedAt: timestampSchema, changedBy: z.string() })
      .nullable(),
    currentPrice: priceSchema.nullable(),
    version: versionSchema,
    createdAt: timestampSchema,
    createdBy: z.string(),
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Deployment' });

/** {@inheritDoc deploymentSchema} @public */
export type Deployment = z.infer<typeof deploymentSchema>;

const upstreamModelSchema = z
  .string()
  .trim()
  .min(1, 'Enter the name that the provider gives the model')
  .max(255, 'Use at most 255 characters');
const weightSchema = z.number().int().min(1).max(1000);
const prioritySchema = z.number().int().min(0).max(1000);

/** What an admin enters to add a deployment; it starts unpublished. @public */
export const createDeploymentSchema = z
  .strictObject({
    modelId: slugSchema,
    providerId: uuidSchema,
    upstreamModel: upstreamModelSchema,
    weight: weightSchema.default(1),
    priority: prioritySchema.default(0),
    settings: providerSettingsSchema.default({}),
  })
  .meta({ id: 'CreateDeployment' });

/** {@inheritDoc createDeploymentSchema} @public */
export type CreateDeployment = z.infer<typeof createDeploymentSchema>;

/** What may change of a deployment. @public */
export const updateDeploymentSchema = z
  .strictObject({
    version: versionSchema,
    upstreamModel: upstreamModelSchema.optional(),
    weight: weightSchema.optional(),
    priority: prioritySchema.optional(),
    /** In place of all those before. */
    settings: providerSettingsSchema.optional(),
  })
  .meta({ id: 'UpdateDeployment' });

/** {@inheritDoc updateDeploymentSchema} @public */
export type UpdateDeployment = z.infer<typeof updateDeploymentSchema>;

const params = z.object({ deploymentId: uuidSchema });
const tag = 'Deployments';

/** Routes of deployments. @public */
export const deploymentEndpoints = {
  listDeployments: defineEndpoint({
    operationId: 'listDeployments',
    method: 'get',
    path: '/deployments',
    tag,
    summary: 'List deployments',
    query: pageQuerySchema.extend({
      modelId: slugSchema.optional(),
      providerId: uuidSchema.optional(),
    }),
    status: 200,
    response: pageOf(deploymentSchema),
  }),
  createDeployment: defineEndpoint({
    operationId: 'createDeployment',
    method: 'post',
    path: '/deployments',
    tag,
    summary: 'Add a deployment to a model',
    body: createDeploymentSchema,
    status: 201,
    response: deploymentSchema,
  }),
  getDeployment: defineEndpoint({
    operationId: 'getDeployment',
    method: 'get',
    path: '/deployments/{deploymentId}',
    tag,
    summary: 'Get a deployment',
    params,
    status: 200,
    response: deploymentSchema,
  }),
  updateDeployment: defineEndpoint({
    operationId: 'updateDeployment',
    method: 'patch',
    path: '/deployments/{deploymentId}',
    tag,
    summary: 'Change a deployment',
    params,
    body: updateDeploymentSchema,
    status: 200,
    response: deploymentSchema,
  }),
  deleteDeployment: defineEndpoint({
    operationId: 'deleteDeployment',
    method: 'delete',
    path: '/deployments/{deploymentId}',
    tag,
    summary: 'Delete a deployment that is unpublished and was never used',
    params,
    status: 204,
  }),
  publishDeployment: defineEndpoint({
    operationId: 'publishDeployment',
    method: 'post',
    path: '/deployments/{deploymentId}/publish',
    tag,
    summary: 'Publish a deployment; it needs a price in force',
    params,
    status: 200,
    response: deploymentSchema,
  }),
  unpublishDeployment: defineEndpoint({
    operationId: 'unpublishDeployment',
    method: 'post',
    path: '/deployments/{deploymentId}/unpublish',
    tag,
    summary: 'Take a deployment out of service',
    params,
    status: 200,
    response: deploymentSchema,
  }),
};
