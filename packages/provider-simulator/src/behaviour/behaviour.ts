import { z } from 'zod';
import { parseFault } from '../faults/parse';
import type { Fault } from '../faults/kinds';

/**
 * How a model is to behave from now on. With none of `failNext`, `failEvery` and `flap`, a `fault` hits every
 * request; with any of them, those that one of them names.
 */
export interface Behaviour {
  /** The model's name as requests have it (an Azure deployment's name too), or `*` for all without their own. */
  readonly model: string;
  /** As in the header `x-sim-fault`; null for none. Without it, what fails fails with status 503 (429 with a delay). */
  readonly fault?: string | null;
  /** The next so many requests fail. */
  readonly failNext?: number;
  /** Every so-manieth request fails: 3 is the third, the sixth, … */
  readonly failEvery?: number;
  /** The header `Retry-After` of a fault `status`. */
  readonly retryAfterSeconds?: number;
  /** Delay of the first token; a request's own header comes before it. */
  readonly firstTokenMs?: number;
  /** Well for so many milliseconds from now, failing for so many, and again. */
  readonly flap?: { readonly upMs: number; readonly downMs: number };
}

/** A behaviour of which every field has been checked. */
export interface CheckedBehaviour {
  readonly behaviour: Behaviour;
  /** What failing means; undefined where nothing fails. */
  readonly fault: Fault | undefined;
}

export type BehaviourParse =
  | { readonly ok: true; readonly checked: CheckedBehaviour }
  /** `reason` is safe to show. */
  | { readonly ok: false; readonly reason: string };

const LONGEST_MS = 600_000;

const behaviourSchema = z.strictObject({
  model: z.string().min(1).max(500),
  fault: z.string().nullish(),
  failNext: z.int().min(0).max(1e9).optional(),
  failEvery: z.int().min(1).max(1e9).optional(),
  retryAfterSeconds: z.int().min(1).max(86_400).optional(),
  firstTokenMs: z.number().min(0).max(LONGEST_MS).optional(),
  flap: z
    .strictObject({
      upMs: z.number().min(0).max(LONGEST_MS),
      downMs: z.number().min(1).max(LONGEST_MS),
    })
    .optional(),
});

/** Reads the body of `POST /__sim/behaviour`. */
export function parseBehaviour(body: unknown): BehaviourParse {
  const parsed = behaviourSchema.safeParse(body);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    return { ok: false, reason: `${path.join('.') || 'body'}: ${message}` };
  }
  const behaviour = parsed.data;
  if (behaviour.fault === null && isScheduled(behaviour))
    return {
      ok: false,
      reason: 'fault: null is no fault, so nothing can be failing by schedule.',
    };
  const text = behaviour.fault ?? defaultFault(behaviour);
  if (text === undefined)
    return { ok: true, checked: { behaviour, fault: undefined } };

  const { retryAfterSeconds } = behaviour;
  const fault = parseFault(text);
  if (fault.type !== 'fault')
    return {
      ok: false,
      reason: fault.type === 'unknown' ? fault.reason : 'fault: empty',
    };
  if (retryAfterSeconds === undefined)
    return { ok: true, checked: { behaviour, fault: fault.fault } };
  if (fault.fault.kind !== 'status')
    return {
      ok: false,
      reason: `retryAfterSeconds: fault '${fault.fault.kind}' has no Retry-After.`,
    };
  return {
    ok: true,
    checked: {
      behaviour,
      fault: {
        kind: 'status',
        parameters: {
          ...fault.fault.parameters,
          'retry-after': retryAfterSeconds,
        },
      },
    },
  };
}

/** Whether it says when to fail, and not only how. */
export function isScheduled({ failNext, failEvery, flap }: Behaviour): boolean {
  return (
    failNext !== undefined || failEvery !== undefined || flap !== undefined
  );
}

function defaultFault(behaviour: Behaviour): string | undefined {
  if (behaviour.fault === null) return undefined;
  if (behaviour.retryAfterSeconds !== undefined) return 'status-429';
  return isScheduled(behaviour) ? 'status-503' : undefined;
}
