import type { z } from 'zod';
import { invalidRequest, type OpenAiError } from './errors';

type Issue = z.ZodError['issues'][number];

/** A problem that zod found, as OpenAI tells it. */
export function errorOfIssue(issue: Issue): OpenAiError {
  const param = pathOf(issue.path);
  // Zod says "received undefined" in words only; the input itself is not part of an issue.
  if (
    issue.code === 'invalid_type' &&
    issue.message.endsWith('received undefined')
  ) {
    return invalidRequest(`Missing required parameter: '${param}'.`, {
      param,
      code: 'missing_required_parameter',
    });
  }
  const wrongType =
    issue.code === 'invalid_type' ||
    (issue.code === 'invalid_union' && issue.discriminator === undefined);
  const code = wrongType ? 'invalid_type' : 'invalid_value';
  return invalidRequest(`Invalid '${param}': ${issue.message}.`, {
    param,
    code,
  });
}

/** `['messages', 0, 'role']` as OpenAI writes it: `messages[0].role`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((written, step) => {
    if (typeof step === 'number') return `${written}[${step}]`;
    return written ? `${written}.${String(step)}` : String(step);
  }, '');
}
