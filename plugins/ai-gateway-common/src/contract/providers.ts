import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import {
  entityRefSchema,
  slugSchema,
  timestampSchema,
  titleSchema,
  uuidSchema,
  versionSchema,
} from './fields';
import { pageOf, pageQuerySchema } from './page';
import { PROVIDER_SETTINGS, providerSettingsSchema } from './providerSettings';

/** The kinds of upstream that the gateway speaks to. Anthropic has a dialect of its own, all others speak OpenAI's. @public */
export const providerKindSchema = z.enum([
  'openai',
  'vllm',
  'openai-compatible',
  'azure-openai',
  'anthropic',
]);

/** {@inheritDoc providerKindSchema} @public */
export type ProviderKind = z.infer<typeof providerKindSchema>;

/**
 * Where a provider's credential is found at run time; the credential itself is never stored.
 *
 * @public
 */
export const secretRefSchema = z
  .string()
  .max(255)
  .regex(
    /^env:\/\/[A-Z_][A-Z0-9_]*$/,
    'Name an environment variable of the gateway, such as env://OPENAI_API_KEY',
  )
  .meta({ example: 'env://OPENAI_API_KEY' });

/**
 * Where a provider listens, up to and including its version: `https://api.openai.com/v1`. Of Anthropic and of Azure OpenAI the origin is
 * enough: `https://my-resource.openai.azure.com`.
 *
 * @public
 */
export const baseUrlSchema = z
  .string()
  .trim()
  .max(2048, 'Use at most 2,048 characters')
  .superRefine((text, context) => {
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', message });
    if (!URL.canParse(text)) {
      refuse('Enter a URL, such as https://api.openai.com/v1');
      return;
    }
    const url = new URL(text);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      refuse('Use an http or https URL');
    }
    if (url.username || url.password) {
      refuse('Leave credentials out of the URL; name a secret instead');
    }
    if (url.search || url.hash) {
      refuse('Leave out everything from ? or # on');
    }
  })
  .meta({ example: 'https://api.openai.com/v1' });

/** An upstream account. @public */
export const providerSchema = z
  .object({
    id: uuidSchema,
    name: slugSchema,
    title: titleSchema,
    kind: providerKindSchema,
    baseUrl: z.string(),
    secretRef: secretRefSchema.nullable(),
    settings: z.looseObject(PROVIDER_SETTINGS),
    enabled: z.boolean(),
    deploymentCount: z.number().int(),
    version: versionSchema,
    createdAt: timestampSchema,
    createdBy: entityRefSchema.or(z.string()),
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Provider' });

/** {@inheritDoc providerSchema} @public */
export type Provider = z.infer<typeof providerSchema>;

/** What an admin enters to register a provider. @public */
export const createProviderSchema = z
  .strictObject({
    name: slugSchema,
    title: titleSchema,
    kind: providerKindSchema,
    baseUrl: baseUrlSchema,
    secretRef: secretRefSchema.nullable().default(null),
    settings: providerSettingsSchema.default({}),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'CreateProvider' });

/** {@inheritDoc createProviderSchema} @public */
export type CreateProvider = z.infer<typeof createProviderSchema>;

/** What may change of a provider. @public */
export const updateProviderSchema = z
  .strictObject({
    version: versionSchema,
    title: titleSchema.optional(),
    kind: providerKindSchema.optional(),
    baseUrl: baseUrlSchema.optional(),
    secretRef: secretRefSchema.nullable().optional(),
    /** In place of all those before. */
    settings: providerSettingsSchema.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'UpdateProvider' });

/** {@inheritDoc updateProviderSchema} @public */
export type UpdateProvider = z.infer<typeof updateProviderSchema>;

/** A connection to try before it is saved, or as it is saved. @public */
export const testProviderSchema = z
  .strictObject({
    kind: providerKindSchema,
    baseUrl: baseUrlSchema,
    secretRef: secretRefSchema.nullable().default(null),
    settings: providerSettingsSchema.default({}),
  })
  .meta({ id: 'TestProvider' });

/** {@inheritDoc testProviderSchema} @public */
export type TestProvider = z.infer<typeof testProviderSchema>;

/** Why a connection did not work. @public */
export const providerTestFailureSchema = z.enum([
  'address_refused',
  'secret_missing',
  'unreachable',
  'timeout',
  'unauthorized',
  'unexpected_status',
  'unexpected_body',
]);

/** What came of trying a connection. @public */
export const providerTestResultSchema = z
  .object({
    ok: z.boolean(),
    latencyMs: z.number().nullable(),
    /** Names that the provider offers, at most 1,000. */
    models: z.array(z.string()),
    failure: providerTestFailureSchema.nullable(),
    /** What happened and what to do, for people. */
    message: z.string(),
  })
  .meta({ id: 'ProviderTestResult' });

/** {@inheritDoc providerTestResultSchema} @public */
export type ProviderTestResult = z.infer<typeof providerTestResultSchema>;

const params = z.object({ providerId: uuidSchema });
const tag = 'Providers';

/** Routes of providers. @public */
export const providerEndpoints = {
  listProviders: defineEndpoint({
    operationId: 'listProviders',
    method: 'get',
    path: '/providers',
    tag,
    summary: 'List providers',
    query: pageQuerySchema,
    status: 200,
    response: pageOf(providerSchema),
  }),
  createProvider: defineEndpoint({
    operationId: 'createProvider',
    method: 'post',
    path: '/providers',
    tag,
    summary: 'Register a provider',
    body: createProviderSchema,
    status: 201,
    response: providerSchema,
  }),
  testProviderDraft: defineEndpoint({
    operationId: 'testProviderDraft',
    method: 'post',
    path: '/providers/test',
    tag,
    summary: 'Try a connection that is not saved',
    body: testProviderSchema,
    status: 200,
    response: providerTestResultSchema,
  }),
  getProvider: defineEndpoint({
    operationId: 'getProvider',
    method: 'get',
    path: '/providers/{providerId}',
    tag,
    summary: 'Get a provider',
    params,
    status: 200,
    response: providerSchema,
  }),
  updateProvider: defineEndpoint({
    operationId: 'updateProvider',
    method: 'patch',
    path: '/providers/{providerId}',
    tag,
    summary: 'Change a provider',
    params,
    body: updateProviderSchema,
    status: 200,
    response: providerSchema,
  }),
  deleteProvider: defineEndpoint({
    operationId: 'deleteProvider',
    method: 'delete',
    path: '/providers/{providerId}',
    tag,
    summary: 'Delete a provider that has no deployments',
    params,
    status: 204,
  }),
  testProvider: defineEndpoint({
    operationId: 'testProvider',
    method: 'post',
    path: '/providers/{providerId}/test',
    tag,
    summary: 'Try the connection of a saved provider',
    params,
    status: 200,
    response: providerTestResultSchema,
  }),
};
