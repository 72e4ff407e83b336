import { z } from 'zod';
import { defineEndpoint } from './endpoint';
import { slugSchema } from './fields';

/** Who is calling, and what they may do. @public */
export const meSchema = z
  .object({
    userRef: z.string(),
    ownershipRefs: z.array(z.string()),
    /** What the portal may show; the backend decides again on every request. */
    can: z.object({
      manageModels: z.boolean(),
      manageProviders: z.boolean(),
      manageProjects: z.boolean(),
      manageLimits: z.boolean(),
      manageBudgets: z.boolean(),
      managePolicies: z.boolean(),
      readGateways: z.boolean(),
    }),
    /** Projects for which the caller may create keys. */
    projects: z.array(z.object({ id: slugSchema, title: z.string() })),
    /** The base URL that an OpenAI SDK takes, ending in `/v1`. */
    gatewayUrl: z.string(),
  })
  .meta({ id: 'Me' });

/** {@inheritDoc meSchema} @public */
export type Me = z.infer<typeof meSchema>;

/** Routes of the caller. @public */
export const meEndpoints = {
  getMe: defineEndpoint({
    operationId: 'getMe',
    method: 'get',
    path: '/me',
    tag: 'Me',
    summary: 'Who is calling, and what they may do',
    status: 200,
    response: meSchema,
  }),
};
