import type {
  EffectivePolicy,
  PolicySubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import type { PolicyFields } from '../database/policies/PolicyStore';

type PolicyOfSubject = PolicyFields & { readonly subject: PolicySubject };

/**
 * What policies come to together: allowed is what all allow, denied what any denies, caps are the lowest, and bodies are kept as the
 * narrowest that says so has it.
 *
 * @param policies - the narrowest first
 */
export function mergePolicies(
  policies: readonly PolicyOfSubject[],
): EffectivePolicy {
  const captured = policies.find(({ bodyCapture }) => bodyCapture !== null);
  return {
    allowedModels: allowedByAll(policies.map(one => one.allowedModels)),
    deniedModels: union(policies.map(one => one.deniedModels)),
    allowedEndpoints: allowedByAll(policies.map(one => one.allowedEndpoints)),
    deniedEndpoints: union(policies.map(one => one.deniedEndpoints)),
    maxContextTokens: lowest(policies, 'maxContextTokens'),
    maxOutputTokens: lowest(policies, 'maxOutputTokens'),
    bodyCapture: captured?.bodyCapture
      ? {
          mode: captured.bodyCapture,
          maxBytes: captured.bodyCaptureMaxBytes,
          subject: captured.subject,
        }
      : null,
  };
}

function allowedByAll<T>(lists: ReadonlyArray<readonly T[] | null>) {
  return lists.reduce<T[] | null>((common, list) => {
    if (list === null) return common;
    return common ? common.filter(one => list.includes(one)) : [...list];
  }, null);
}

function union<T>(lists: ReadonlyArray<readonly T[]>): T[] {
  return [...new Set(lists.flat())].sort();
}

/** A cap that refuses comes before an equal one that clamps. */
function lowest(
  policies: readonly PolicyOfSubject[],
  cap: 'maxContextTokens' | 'maxOutputTokens',
): EffectivePolicy['maxOutputTokens'] {
  return policies.reduce<EffectivePolicy['maxOutputTokens']>((least, one) => {
    const tokens = one[cap];
    if (tokens === null) return least;
    const isLess =
      !least ||
      tokens < least.tokens ||
      (tokens === least.tokens && one.whenExceeded === 'refuse');
    return isLess
      ? { tokens, whenExceeded: one.whenExceeded, subject: one.subject }
      : least;
  }, null);
}
