import { z } from 'zod';

/**
 * What only some kinds of provider need, or only some models: of a provider, and of a deployment, which decides where both say something.
 * What is not known here is left alone, so that an older gateway serves what a newer control plane has written.
 */
export const providerSettingsSchema = z.looseObject({
  /** Azure: the `api-version` of its URLs; without one the newer URLs are used, which have none. */
  apiVersion: z.string().optional(),
  /** How the gateway says whose account it is; by the secret where nothing is said. */
  auth: z.enum(['key', 'managed-identity']).optional(),
  /** Azure: the client id of the identity, where a machine has several. */
  identityClientId: z.string().optional(),
  /** Whether it may be asked for its models while it is left alone after failures; it may where nothing is said. */
  probe: z.boolean().optional(),
  /** The most that is generated where a request does not say, for providers that must be told. */
  defaultMaxTokens: z.number().int().positive().optional(),
  /** How thinking is asked for. */
  thinking: z.enum(['adaptive', 'budget', 'none']).optional(),
  /** Whether temperatures and the like are taken. */
  sampling: z.boolean().optional(),
  /** Whether an answer can be held to a schema. */
  structuredOutput: z.boolean().optional(),
  /** Whether messages of the system may stand between others. */
  systemMessages: z.boolean().optional(),
  /** Whether images may be given by URL. */
  imageUrls: z.boolean().optional(),
});

/** {@inheritDoc providerSettingsSchema} */
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;
