import type { PolicyFields } from '../database/policies/PolicyStore';

/** What is wrong with a policy. */
export interface PolicyProblem {
  readonly path: keyof PolicyFields;
  readonly message: string;
}

/** What a policy says against itself. */
export function ownProblems(policy: PolicyFields): PolicyProblem[] {
  return [
    ...bothWays(
      'deniedModels',
      'model',
      policy.allowedModels,
      policy.deniedModels,
    ),
    ...bothWays(
      'deniedEndpoints',
      'endpoint',
      policy.allowedEndpoints,
      policy.deniedEndpoints,
    ),
    ...(policy.bodyCaptureMaxBytes !== null && policy.bodyCapture !== 'full'
      ? [
          {
            path: 'bodyCaptureMaxBytes' as const,
            message: 'Only bodies that are kept in full have a most of bytes',
          },
        ]
      : []),
  ];
}

/**
 * What a policy says that one above it forbids: a larger cap, or leave for what is denied there. Every level holds, so that it would be
 * said in vain.
 */
export function problemsBelow(
  policy: PolicyFields,
  above: PolicyFields,
  aboveName: string,
): PolicyProblem[] {
  return [
    ...(['maxContextTokens', 'maxOutputTokens'] as const).flatMap(path => {
      const own = policy[path];
      const most = above[path];
      return own !== null && most !== null && own > most
        ? [{ path, message: `It is above that of ${aboveName}, ${most}` }]
        : [];
    }),
    ...inVain('allowedModels', 'model', policy.allowedModels, aboveName, {
      allowed: above.allowedModels,
      denied: above.deniedModels,
    }),
    ...inVain(
      'allowedEndpoints',
      'endpoint',
      policy.allowedEndpoints,
      aboveName,
      { allowed: above.allowedEndpoints, denied: above.deniedEndpoints },
    ),
  ];
}

function bothWays(
  path: keyof PolicyFields,
  what: string,
  allowed: readonly string[] | null,
  denied: readonly string[],
): PolicyProblem[] {
  return denied
    .filter(one => allowed?.includes(one))
    .map(one => ({
      path,
      message: `The ${what} '${one}' is both allowed and denied`,
    }));
}

function inVain(
  path: keyof PolicyFields,
  what: string,
  allowed: readonly string[] | null,
  aboveName: string,
  above: { allowed: readonly string[] | null; denied: readonly string[] },
): PolicyProblem[] {
  return (allowed ?? [])
    .filter(
      one =>
        above.denied.includes(one) ||
        (above.allowed !== null && !above.allowed.includes(one)),
    )
    .map(one => ({
      path,
      message: `The ${what} '${one}' is not allowed by the policy of ${aboveName}`,
    }));
}
