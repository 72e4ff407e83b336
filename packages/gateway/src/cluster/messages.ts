import { z } from 'zod';

/**
 * What a worker and the process that started it tell each other. Figures are passed through as they are: they come from the same build.
 */
const report = z.array(z.custom<object>(value => typeof value === 'object'));

/** From a worker. */
export const fromWorker = z.discriminatedUnion('type', [
  /** It hears what it is told from now on; what came before is lost. */
  z.object({ type: z.literal('hearing') }),
  /** It serves. */
  z.object({ type: z.literal('serving') }),
  /** Its figures, as they were asked for. */
  z.object({ type: z.literal('figures'), ask: z.number(), report }),
  /** Someone asked it for everyone's figures. */
  z.object({ type: z.literal('read-metrics'), ask: z.number() }),
]);
export type FromWorker = z.infer<typeof fromWorker>;

/** To a worker. */
export const toWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('tell-figures'), ask: z.number() }),
  /** Everyone's figures, in Prometheus' text format. */
  z.object({ type: z.literal('metrics'), ask: z.number(), text: z.string() }),
  /** It is to end in good order. */
  z.object({
    type: z.literal('end'),
    /** Whether to say so first and serve on for a while; not if others go on at the same address. */
    announce: z.boolean(),
  }),
]);
export type ToWorker = z.infer<typeof toWorker>;

/** The figures of one process. */
export type Report = z.infer<typeof report>;
