import { z } from 'zod';

/** An amount in nano-dollars, as a string so that JSON keeps it exact. */
const amountSchema = z.string().regex(/^\d+$/);

/** As they were entered; what they mean is found out when they are compiled. */
const settingsSchema = z.record(z.string(), z.unknown());

/**
 * The configuration as it stands in the database, in a form that can be kept in a file: times are milliseconds since the epoch, amounts
 * are strings. Holds references to secrets and never a secret.
 */
export const configurationRowsSchema = z.object({
  revision: z.number().int().nonnegative(),
  providers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      baseUrl: z.string(),
      secretRef: z.string().nullable(),
      /** What only some kinds need. */
      settings: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  models: z.array(
    z.object({ id: z.string(), ownerRef: z.string(), createdAt: z.number() }),
  ),
  deployments: z.array(
    z.object({
      id: z.string(),
      modelId: z.string(),
      providerId: z.string(),
      upstreamModel: z.string(),
      weight: z.number().int().positive(),
      priority: z.number().int().nonnegative(),
      /** What is other than its provider's. */
      settings: settingsSchema.optional(),
    }),
  ),
  prices: z.array(
    z.object({
      id: z.string(),
      deploymentId: z.string(),
      effectiveFrom: z.number(),
      input: amountSchema,
      output: amountSchema,
      cachedInput: amountSchema.nullable(),
      cacheWrite: amountSchema.nullable(),
      reasoning: amountSchema.nullable(),
      audio: amountSchema.nullable(),
      image: amountSchema.nullable(),
      perRequest: amountSchema.nullable(),
    }),
  ),
  projects: z.array(z.object({ id: z.string(), businessUnit: z.string() })),
  // What an older gateway kept on disk has neither of these.
  aliases: z
    .array(z.object({ alias: z.string(), target: z.string() }))
    .default([]),
  routes: z
    .array(
      z.object({
        modelId: z.string(),
        strategy: z.string(),
        fallbackModels: z.array(z.string()),
        retries: settingsSchema,
        health: settingsSchema,
        timeouts: settingsSchema,
      }),
    )
    .default([]),
});

/** {@inheritDoc configurationRowsSchema} */
export type ConfigurationRows = z.infer<typeof configurationRowsSchema>;

/** An API key as it is found at a request, without anything that would let one make a request with it. */
export const keyRowSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  ownerKind: z.enum(['user', 'app', 'project']),
  ownerRef: z.string().nullable(),
  /** Models it may call; `null` for all. */
  modelScope: z.array(z.string()).nullable(),
  expiresAt: z.number().nullable(),
  revoked: z.boolean(),
  digests: z.array(
    z.object({
      /** 32 bytes in hexadecimal. */
      digest: z.string().length(64),
      lapsesAt: z.number().nullable(),
    }),
  ),
});

/** {@inheritDoc keyRowSchema} */
export type KeyRow = z.infer<typeof keyRowSchema>;
