import { z } from 'zod';
import {
  deploymentStateSchema,
  healthSettingsSchema,
  modelAliasSchema,
  retrySettingsSchema,
  routingStrategySchema,
  timeoutSettingsSchema,
} from '../routing';
import { defineEndpoint } from './endpoint';
import { slugSchema, timestampSchema, uuidSchema } from './fields';
import { gatewaySchema } from './gateways';
import { changeSchema } from './history';
import { pageOf, pageQuerySchema } from './page';

/** How requests for a model find a deployment. @public */
export const modelRoutingSchema = z
  .object({
    modelId: slugSchema,
    strategy: routingStrategySchema,
    /** Models or aliases, tried in this order once no deployment of the model itself is left. */
    fallbackModels: z.array(z.string()),
    retries: retrySettingsSchema,
    health: healthSettingsSchema,
    timeouts: timeoutSettingsSchema,
    /** Other names by which the model can be asked for. */
    aliases: z.array(z.string()),
    /** 0 while nobody has said how it is routed, so that all is as is usual. */
    version: z.number().int().min(0),
    updatedAt: timestampSchema.nullable(),
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'ModelRouting' });

/** {@inheritDoc modelRoutingSchema} @public */
export type ModelRouting = z.infer<typeof modelRoutingSchema>;

const retriesInputSchema = retrySettingsSchema
  .strict()
  .superRefine((retries, context) => {
    if (retries.backoffMs > retries.maxBackoffMs) {
      context.addIssue({
        code: 'custom',
        path: ['maxBackoffMs'],
        message: 'The longest wait cannot be shorter than the first',
      });
    }
  });
const healthInputSchema = healthSettingsSchema
  .strict()
  .superRefine((health, context) => {
    if (health.openMs > health.maxOpenMs) {
      context.addIssue({
        code: 'custom',
        path: ['maxOpenMs'],
        message:
          'The longest time that it is left alone cannot be shorter than the first',
      });
    }
  });
const timeoutsInputSchema = timeoutSettingsSchema
  .strict()
  .superRefine(({ firstTokenMs, idleMs, totalMs }, context) => {
    for (const [name, part] of Object.entries({ firstTokenMs, idleMs })) {
      if (part === undefined || totalMs === undefined || part <= totalMs) {
        continue;
      }
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'A part cannot be given more time than the whole',
      });
    }
  });

/** What may change of how a model is routed; settings are replaced whole, and what is left out of them has its default. @public */
export const updateModelRoutingSchema = z
  .strictObject({
    version: z.number().int().min(0),
    strategy: routingStrategySchema.optional(),
    fallbackModels: z
      .array(modelAliasSchema)
      .max(10, 'Name at most ten models')
      .refine(
        names => new Set(names).size === names.length,
        'Name each model once',
      )
      .optional(),
    retries: retriesInputSchema.optional(),
    health: healthInputSchema.optional(),
    timeouts: timeoutsInputSchema.optional(),
  })
  .meta({ id: 'UpdateModelRouting' });

/** {@inheritDoc updateModelRoutingSchema} @public */
export type UpdateModelRouting = z.output<typeof updateModelRoutingSchema>;

/** How one gateway finds a deployment. @public */
export const deploymentStateReportSchema = z
  .object({
    gateway: z.object({
      id: uuidSchema,
      hostname: z.string(),
      state: gatewaySchema.shape.state,
    }),
    /** Healthy: it is tried. Cooling: left alone as its provider asked. Open: left alone after failures. Draining: no longer published. */
    state: deploymentStateSchema,
    /** `null` when this gateway has not used it. */
    since: timestampSchema.nullable(),
    /** Until when it is left alone. */
    until: timestampSchema.nullable(),
    /** The code of the error that brought it there. */
    reason: z.string().nullable(),
    /** Weighted mean of late, in milliseconds, of streams. */
    firstTokenMs: z.number().int().nullable(),
    /** The same of answers that are not streamed. */
    answerMs: z.number().int().nullable(),
    inFlight: z.number().int(),
    /** When the gateway last said so; of one that is gone it is out of date. */
    reportedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'DeploymentStateReport' });

/** {@inheritDoc deploymentStateReportSchema} @public */
export type DeploymentStateReport = z.infer<typeof deploymentStateReportSchema>;

const params = z.object({ modelId: slugSchema });
const tag = 'Routing';

/** Routes of how models are routed. @public */
export const routingEndpoints = {
  getModelRouting: defineEndpoint({
    operationId: 'getModelRouting',
    method: 'get',
    path: '/models/{modelId}/routing',
    tag,
    summary: 'Get how requests for a model find a deployment',
    params,
    status: 200,
    response: modelRoutingSchema,
  }),
  updateModelRouting: defineEndpoint({
    operationId: 'updateModelRouting',
    method: 'patch',
    path: '/models/{modelId}/routing',
    tag,
    summary: 'Change how requests for a model find a deployment',
    params,
    body: updateModelRoutingSchema,
    status: 200,
    response: modelRoutingSchema,
  }),
  getModelRoutingHistory: defineEndpoint({
    operationId: 'getModelRoutingHistory',
    method: 'get',
    path: '/models/{modelId}/routing/history',
    tag,
    summary: 'Who changed how a model is routed, when and how, newest first',
    params,
    query: pageQuerySchema,
    status: 200,
    response: pageOf(changeSchema),
  }),
  listDeploymentStates: defineEndpoint({
    operationId: 'listDeploymentStates',
    method: 'get',
    path: '/deployments/{deploymentId}/states',
    tag,
    summary:
      'How each gateway that was seen in the last day finds a deployment',
    params: z.object({ deploymentId: uuidSchema }),
    status: 200,
    response: z.object({ items: z.array(deploymentStateReportSchema) }),
  }),
};
