import { z } from 'zod';
import type { ProviderKind } from './providers';

/** What only some kinds of provider need, or only some models. Each member may be left out. @public */
export const PROVIDER_SETTINGS = {
  /** Azure: the `api-version` of URLs that name the deployment. Without one the newer URLs are used, which have none. */
  apiVersion: z
    .string()
    .regex(
      /^\d{4}-\d{2}-\d{2}(-preview)?$/,
      'Enter a version of the API, such as 2024-10-21',
    )
    .optional(),
  /** How the gateway proves whose account it is; by the secret where nothing is said. */
  auth: z.enum(['key', 'managed-identity']).optional(),
  /** Azure: the client id of the identity, where the gateway's machine has several. */
  identityClientId: z.string().min(1).max(100).optional(),
  /** What becomes of an answer whose client has hung up: the provider finishes it, or is stopped. */
  onClientAbort: z.enum(['drain', 'abort']).optional(),
  /** Whether it may be asked for its models while it is left alone after failures; it may where nothing is said. */
  probe: z.boolean().optional(),
  /** The most that is generated where a request does not say, for providers that must be told. */
  defaultMaxTokens: z.number().int().min(1).max(1_000_000).optional(),
  /** How thinking is asked for when a request is translated: as much as the model sees fit, by a number of tokens, or not at all. */
  thinking: z.enum(['adaptive', 'budget', 'none']).optional(),
  /** Whether `temperature`, `top_p` and `top_k` are taken. */
  sampling: z.boolean().optional(),
  /** Whether an answer can be held to a schema. */
  structuredOutput: z.boolean().optional(),
  /** Whether messages of the system may stand between others. */
  systemMessages: z.boolean().optional(),
  /** Whether images may be given by URL. */
  imageUrls: z.boolean().optional(),
} as const;

/** {@inheritDoc PROVIDER_SETTINGS} @public */
export const providerSettingsSchema = z
  .strictObject(PROVIDER_SETTINGS)
  .meta({ id: 'ProviderSettings' });

/** {@inheritDoc PROVIDER_SETTINGS} @public */
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;

const AZURE_ONLY = ['apiVersion', 'identityClientId'] as const;

/**
 * The first setting that a kind of provider has no use for, and why; `undefined` when all is well.
 *
 * @public
 */
export function findSettingsProblem(
  kind: ProviderKind,
  settings: ProviderSettings,
):
  | { readonly setting: keyof ProviderSettings; readonly message: string }
  | undefined {
  if (kind === 'azure-openai') return undefined;
  for (const setting of AZURE_ONLY) {
    if (settings[setting] !== undefined) {
      return { setting, message: 'Only Azure OpenAI has this' };
    }
  }
  return settings.auth === 'managed-identity'
    ? {
        setting: 'auth',
        message: 'Only Azure OpenAI knows the identity of a machine',
      }
    : undefined;
}
