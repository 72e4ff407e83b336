import { z } from 'zod';
import { apiKeyIdSchema } from './apiKeys';
import { budgetSchema } from './budgets';
import { defineEndpoint } from './endpoint';
import { slugSchema } from './fields';
import { limitSchema } from './limits';
import { gatewayEndpointSchema, policySchema } from './policies';
import { policySubjectSchema } from './subjects';

const cap = z
  .object({
    tokens: z.number().int(),
    /** What becomes of a request for more. */
    whenExceeded: policySchema.shape.whenExceeded,
    /** Whose policy says so. */
    subject: policySubjectSchema,
  })
  .nullable();

/** What several policies come to together. @public */
export const effectivePolicySchema = z
  .object({
    /** What every policy allows; `null`: every model. */
    allowedModels: z.array(slugSchema).nullable(),
    /** What any policy denies. */
    deniedModels: z.array(slugSchema),
    allowedEndpoints: z.array(gatewayEndpointSchema).nullable(),
    deniedEndpoints: z.array(gatewayEndpointSchema),
    /** The lowest there is; `null`: no policy says. */
    maxContextTokens: cap,
    maxOutputTokens: cap,
    /** Of the narrowest that says so; `null`: none does. */
    bodyCapture: z
      .object({
        mode: z.enum(['off', 'metadata', 'full']),
        maxBytes: z.number().int().nullable(),
        subject: policySubjectSchema,
      })
      .nullable(),
  })
  .meta({ id: 'EffectivePolicy' });

/** {@inheritDoc effectivePolicySchema} @public */
export type EffectivePolicy = z.infer<typeof effectivePolicySchema>;

/** All that holds for the requests of a key, of as many levels as the reader may see, the narrowest first. @public */
export const apiKeyLimitsSchema = z
  .object({
    apiKeyId: apiKeyIdSchema,
    limits: z.array(limitSchema),
    budgets: z.array(budgetSchema),
    policies: z.array(policySchema),
    policy: effectivePolicySchema,
  })
  .meta({ id: 'ApiKeyLimits' });

/** {@inheritDoc apiKeyLimitsSchema} @public */
export type ApiKeyLimits = z.infer<typeof apiKeyLimitsSchema>;

/** Routes of what holds for a key. @public */
export const apiKeyLimitsEndpoints = {
  getApiKeyLimits: defineEndpoint({
    operationId: 'getApiKeyLimits',
    method: 'get',
    path: '/api-keys/{apiKeyId}/limits',
    tag: 'API keys',
    summary:
      'All limits, budgets and policies that hold for the requests of a key, and what is spent',
    params: z.object({ apiKeyId: apiKeyIdSchema }),
    status: 200,
    response: apiKeyLimitsSchema,
  }),
};
