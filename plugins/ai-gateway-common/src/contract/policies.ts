import { z } from 'zod';
import { belowChildrenSchema, noteSchema } from './amounts';
import { defineEndpoint } from './endpoint';
import {
  slugSchema,
  timestampSchema,
  uuidSchema,
  versionSchema,
} from './fields';
import { changeSchema } from './history';
import { pageOf, pageQuerySchema } from './page';
import { policySubjectSchema, subjectQueryShape } from './subjects';

/** What the gateway can be asked for. @public */
export const gatewayEndpointSchema = z.enum(
  ['chat.completions', 'completions', 'embeddings', 'messages', 'count_tokens'],
  'The endpoints are chat.completions, completions, embeddings, messages and count_tokens',
);

/** {@inheritDoc gatewayEndpointSchema} @public */
export type GatewayEndpoint = z.infer<typeof gatewayEndpointSchema>;

const tokens = z
  .number('Enter a whole number of tokens')
  .int('Enter a whole number of tokens')
  .min(1, 'Enter at least one token')
  .max(100_000_000, 'Enter at most 100,000,000 tokens')
  .nullable();
const allowed = <T extends z.ZodType>(one: T) =>
  z
    .array(one)
    .min(1, 'Allow one at least, or leave it out to allow all')
    .max(500, 'Name at most 500')
    .nullable();
const denied = <T extends z.ZodType>(one: T) =>
  z.array(one).max(500, 'Name at most 500');
const whenExceeded = z.enum(
  ['refuse', 'clamp'],
  'What exceeds is refused or clamped',
);
const bodyCapture = z
  .enum(
    ['off', 'metadata', 'full'],
    'Bodies are kept off, as metadata or in full',
  )
  .nullable();
const maxBytes = z
  .number()
  .int('Enter a whole number of bytes')
  .min(1, 'Enter at least one byte')
  .max(1_048_576, 'Enter at most 1,048,576 bytes')
  .nullable();

/**
 * What may be asked for. The policies of the organisation, the project and the key hold together: what one denies, none can allow. Of how
 * bodies are kept, the narrowest one that says so decides.
 *
 * @public
 */
export const policySchema = z
  .object({
    id: uuidSchema,
    subject: policySubjectSchema,
    /** `null`: every model. */
    allowedModels: z.array(slugSchema).nullable(),
    deniedModels: z.array(slugSchema),
    /** `null`: every endpoint. */
    allowedEndpoints: z.array(gatewayEndpointSchema).nullable(),
    deniedEndpoints: z.array(gatewayEndpointSchema),
    /** Of the prompt and what may be generated, together. */
    maxContextTokens: tokens,
    maxOutputTokens: tokens,
    /** What becomes of a request that may generate more: refused, or generates less. A prompt that leaves no room is always refused. */
    whenExceeded,
    /** `null`: as the level above says. */
    bodyCapture,
    bodyCaptureMaxBytes: maxBytes,
    note: z.string(),
    version: versionSchema,
    createdAt: timestampSchema,
    createdBy: z.string(),
    updatedAt: timestampSchema,
    updatedBy: z.string(),
  })
  .meta({ id: 'Policy' });

/** {@inheritDoc policySchema} @public */
export type Policy = z.infer<typeof policySchema>;

const entered = {
  allowedModels: allowed(slugSchema),
  deniedModels: denied(slugSchema),
  allowedEndpoints: allowed(gatewayEndpointSchema),
  deniedEndpoints: denied(gatewayEndpointSchema),
  maxContextTokens: tokens,
  maxOutputTokens: tokens,
  whenExceeded,
  bodyCapture,
  bodyCaptureMaxBytes: maxBytes,
  note: noteSchema,
};

/** What an admin enters to set a policy. @public */
export const createPolicySchema = z
  .strictObject({
    subject: policySubjectSchema,
    allowedModels: entered.allowedModels.default(null),
    deniedModels: entered.deniedModels.default([]),
    allowedEndpoints: entered.allowedEndpoints.default(null),
    deniedEndpoints: entered.deniedEndpoints.default([]),
    maxContextTokens: entered.maxContextTokens.default(null),
    maxOutputTokens: entered.maxOutputTokens.default(null),
    whenExceeded: entered.whenExceeded.default('refuse'),
    bodyCapture: entered.bodyCapture.default(null),
    bodyCaptureMaxBytes: entered.bodyCaptureMaxBytes.default(null),
    note: entered.note.default(''),
    belowChildren: belowChildrenSchema,
  })
  .meta({ id: 'CreatePolicy' });

/** {@inheritDoc createPolicySchema} @public */
export type CreatePolicy = z.output<typeof createPolicySchema>;

/** What may change of a policy. @public */
export const updatePolicySchema = z
  .strictObject({
    version: versionSchema,
    ...z.object(entered).partial().shape,
    belowChildren: belowChildrenSchema,
  })
  .meta({ id: 'UpdatePolicy' });

/** {@inheritDoc updatePolicySchema} @public */
export type UpdatePolicy = z.output<typeof updatePolicySchema>;

/** Which policies. @public */
export const listPoliciesQuerySchema =
  pageQuerySchema.extend(subjectQueryShape);

const params = z.object({ policyId: uuidSchema });
const tag = 'Policies';

/** Routes of policies. @public */
export const policyEndpoints = {
  listPolicies: defineEndpoint({
    operationId: 'listPolicies',
    method: 'get',
    path: '/policies',
    tag,
    summary: 'List the policies that concern the caller, widest subject first',
    query: listPoliciesQuerySchema,
    status: 200,
    response: pageOf(policySchema),
  }),
  createPolicy: defineEndpoint({
    operationId: 'createPolicy',
    method: 'post',
    path: '/policies',
    tag,
    summary: 'Set the policy of the organisation, a project or a key',
    body: createPolicySchema,
    status: 201,
    response: policySchema,
  }),
  getPolicy: defineEndpoint({
    operationId: 'getPolicy',
    method: 'get',
    path: '/policies/{policyId}',
    tag,
    summary: 'Get a policy',
    params,
    status: 200,
    response: policySchema,
  }),
  updatePolicy: defineEndpoint({
    operationId: 'updatePolicy',
    method: 'patch',
    path: '/policies/{policyId}',
    tag,
    summary: 'Change a policy, from the next request on',
    params,
    body: updatePolicySchema,
    status: 200,
    response: policySchema,
  }),
  deletePolicy: defineEndpoint({
    operationId: 'deletePolicy',
    method: 'delete',
    path: '/policies/{policyId}',
    tag,
    summary: 'Remove a policy',
    params,
    status: 204,
  }),
  getPolicyHistory: defineEndpoint({
    operationId: 'getPolicyHistory',
    method: 'get',
    path: '/policies/{policyId}/history',
    tag,
    summary:
      'Who changed a policy, when and how, newest first; of a removed one too',
    params,
    query: pageQuerySchema,
    status: 200,
    response: pageOf(changeSchema),
  }),
};
