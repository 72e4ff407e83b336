import { refuse, type Refusal } from '../errors/registry';
import { levelName } from '../rules/levelName';
import type { Policy } from './Policy';

/** What a request asks for, as policies see it. */
export interface PolicyQuestion {
  readonly modelId: string;
  readonly endpoint: string;
  /** An estimate. */
  readonly inputTokens: number;
  /** `null`: it does not say. */
  readonly maxOutputTokens: number | null;
}

export type PolicyVerdict =
  | {
      readonly ok: true;
      /** The most that may be generated; `null`: no policy says. */
      readonly outputCap: number | null;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** Judges a request by every policy that holds: what one denies, none can allow. */
export function judgePolicies(
  policies: readonly Policy[],
  question: PolicyQuestion,
): PolicyVerdict {
  let outputCap: number | null = null;
  for (const policy of policies) {
    const refusal = denied(policy, question);
    if (refusal) return { ok: false, refusal };
    const room = roomOf(policy, question);
    if (typeof room === 'object' && room !== null) {
      return { ok: false, refusal: room };
    }
    if (room !== null) outputCap = Math.min(outputCap ?? room, room);
  }
  return { ok: true, outputCap };
}

/** Whether a model may be called at all. */
export function allowsModel(
  policies: readonly Policy[],
  modelId: string,
): boolean {
  return policies.every(policy =>
    isAllowed(modelId, policy.allowedModels, policy.deniedModels),
  );
}

function denied(policy: Policy, question: PolicyQuestion): Refusal | null {
  const { modelId, endpoint } = question;
  if (!isAllowed(modelId, policy.allowedModels, policy.deniedModels)) {
    return refuse('model_denied_by_policy', {
      param: 'model',
      model: modelId,
      level: levelName(policy.subject),
    });
  }
  if (!isAllowed(endpoint, policy.allowedEndpoints, policy.deniedEndpoints)) {
    const level = levelName(policy.subject);
    return refuse('endpoint_denied_by_policy', { endpoint, level });
  }
  return null;
}

function isAllowed(
  name: string,
  allowed: ReadonlySet<string> | null,
  forbidden: ReadonlySet<string>,
): boolean {
  return !forbidden.has(name) && (allowed === null || allowed.has(name));
}

/** How much may be generated under a policy; `null`: it does not say. */
function roomOf(
  { subject, maxContextTokens, maxOutputTokens, whenExceeded }: Policy,
  question: PolicyQuestion,
): number | null | Refusal {
  const { inputTokens, maxOutputTokens: asked } = question;
  if (maxContextTokens !== null) {
    const wanted =
      whenExceeded === 'refuse' ? (asked ?? 1) : Math.min(asked ?? 1, 1);
    if (inputTokens + wanted > maxContextTokens) {
      return refuse('context_exceeds_policy', {
        level: levelName(subject),
        limit: maxContextTokens,
        inputTokens,
        outputTokens: asked,
      });
    }
  }
  if (
    maxOutputTokens !== null &&
    whenExceeded === 'refuse' &&
    asked !== null &&
    asked > maxOutputTokens
  ) {
    return refuse('output_exceeds_policy', {
      level: levelName(subject),
      limit: maxOutputTokens,
      outputTokens: asked,
    });
  }
  const left =
    maxContextTokens === null ? null : maxContextTokens - inputTokens;
  if (maxOutputTokens === null) return left;
  return left === null ? maxOutputTokens : Math.min(left, maxOutputTokens);
}
