import type {
  BodyCapturePolicy,
  LimitSubject,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { KeyRecord } from '../keys/KeyRecord';
import { ORGANISATION_ID } from '../rules/resolveChain';
import type { Rule } from '../rules/Rule';

/**
 * What of the bodies of a key's requests is kept: what the narrowest level says that says anything, of the key, its project and the
 * organisation; otherwise what the gateway's configuration says.
 */
export function capturePolicyOf(
  key: KeyRecord,
  rulesOf: (subject: LimitSubject) => readonly Rule[],
  otherwise: BodyCapturePolicy,
): BodyCapturePolicy {
  const levels: readonly LimitSubject[] = [
    { kind: 'key', id: key.id },
    { kind: 'project', id: key.projectId },
    { kind: 'organisation', id: ORGANISATION_ID },
  ];
  for (const level of levels) {
    for (const rule of rulesOf(level)) {
      if (rule.kind !== 'policy' || rule.policy.bodyCapture === null) continue;
      const { mode, maxBytes } = rule.policy.bodyCapture;
      return { ...otherwise, mode, maxBytes: maxBytes ?? otherwise.maxBytes };
    }
  }
  return otherwise;
}
