import { z } from 'zod';

/**
 * Which deployment of a model is tried first.
 *
 * - `priority`: the lowest priority value; among equals one by weight
 * - `weighted`: one by weight, whatever the priorities
 * - `round-robin`: each in turn
 * - `least-latency`: the one whose answers have begun soonest of late; slower ones are looked at now and then
 * - `least-connections`: the one with the fewest requests under way for its weight
 *
 * The others follow, in the order of the same strategy. Deployments that are cooling or open are left out.
 *
 * @public
 */
export const routingStrategySchema = z.enum([
  'priority',
  'weighted',
  'round-robin',
  'least-latency',
  'least-connections',
]);

/** {@inheritDoc routingStrategySchema} @public */
export type RoutingStrategy = z.infer<typeof routingStrategySchema>;

const milliseconds = (least: number, most: number) =>
  z.number().int().min(least).max(most);

/**
 * How often a request is tried before its client is told of a failure. Nothing is tried again once the first content has come.
 *
 * @public
 */
export const retrySettingsSchema = z
  .object({
    /** Attempts of one request, at all deployments and fallback models. */
    attempts: z.number().int().min(1).max(10).default(3),
    /** Attempts of one request at the same deployment. */
    perDeployment: z.number().int().min(1).max(5).default(2),
    /** After so long no other attempt begins. */
    withinMs: milliseconds(0, 3_600_000).default(180_000),
    /** How long to wait at most before the same deployment is tried again; doubled each time. */
    backoffMs: milliseconds(0, 10_000).default(100),
    maxBackoffMs: milliseconds(0, 60_000).default(2_000),
    /** Of so many requests in a hundred the same deployment is tried again, and of a few more: what has failed is not to be flooded. */
    budgetPercent: z.number().int().min(0).max(100).default(20),
  })
  .meta({ id: 'RetrySettings' });

/** {@inheritDoc retrySettingsSchema} @public */
export type RetrySettings = z.infer<typeof retrySettingsSchema>;

/**
 * When a deployment is left alone, and for how long.
 *
 * @public
 */
export const healthSettingsSchema = z
  .object({
    /** So many failures in a row open it. */
    failures: z.number().int().min(1).max(100).default(5),
    /** So many failures in a hundred, of its last twenty results, open it too; 100 leaves it to those in a row. */
    failurePercent: z.number().int().min(1).max(100).default(50),
    /** Until an open one is tried again; doubled each time that the trial fails. */
    openMs: milliseconds(100, 600_000).default(10_000),
    maxOpenMs: milliseconds(100, 3_600_000).default(120_000),
    /** How long it cools when its provider limits requests and does not say for how long. */
    cooldownMs: milliseconds(0, 600_000).default(5_000),
    /** Whether an open one is asked for its models, which costs nothing, so that it is found again sooner. */
    probe: z.boolean().default(true),
  })
  .meta({ id: 'HealthSettings' });

/** {@inheritDoc healthSettingsSchema} @public */
export type HealthSettings = z.infer<typeof healthSettingsSchema>;

/**
 * How long the deployments of a model may take; what is left out is as the gateway is configured.
 *
 * @public
 */
export const timeoutSettingsSchema = z
  .object({
    /** From the begin of an attempt to the first content of a stream, or to the head of an answer that is not streamed. */
    firstTokenMs: milliseconds(100, 3_600_000).optional(),
    /** Between two pieces of an answer. */
    idleMs: milliseconds(100, 3_600_000).optional(),
    /** From the begin of an attempt to its end. */
    totalMs: milliseconds(100, 86_400_000).optional(),
  })
  .meta({ id: 'TimeoutSettings' });

/** {@inheritDoc timeoutSettingsSchema} @public */
export type TimeoutSettings = z.infer<typeof timeoutSettingsSchema>;

/** A name by which a model can be asked for in place of its id; may be written as vendors do: `meta-llama/Llama-3.3-70B`. @public */
export const modelAliasSchema = z
  .string()
  .min(1, 'Enter a name')
  .max(128, 'Use at most 128 characters')
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._:/@-]*[A-Za-z0-9])?$/,
    'Use letters, digits, dots, dashes, underscores, colons, slashes and @; begin and end with a letter or digit',
  );

/** How a gateway finds a deployment. @public */
export const deploymentStateSchema = z.enum([
  'healthy',
  'cooling',
  'open',
  'draining',
]);

/** {@inheritDoc deploymentStateSchema} @public */
export type DeploymentState = z.infer<typeof deploymentStateSchema>;
