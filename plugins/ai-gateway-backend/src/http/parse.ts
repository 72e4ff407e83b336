import type { z } from 'zod';
import type { FieldProblem } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { ValidationError } from '../errors';

/**
 * Reads a part of a request by its schema.
 *
 * @param schema - of the contract; `undefined` when the endpoint has no such part, which is then not looked at
 * @throws ValidationError that names every field at fault
 */
export function parse<T extends z.ZodType | undefined>(
  schema: T,
  value: unknown,
): T extends z.ZodType ? z.output<T> : undefined;
export function parse(schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const unstorable = findUnstorableText(value, []);
  if (unstorable) throw new ValidationError([unstorable]);
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new ValidationError(parsed.error.issues.flatMap(problemsOf));
  }
  return parsed.data;
}

function problemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      path: [...issue.path, key].join('.'),
      message: 'There is no such field',
    }));
  }
  return [{ path: issue.path.join('.'), message: messageOf(issue) }];
}

/** The contract's own words where it has any; zod's for what was left out read like a debugger's. */
function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' &&
    issue.message.endsWith('received undefined')
    ? 'This field is required'
    : issue.message;
}

/** PostgreSQL keeps neither NUL in text nor half a surrogate pair in JSON; both are told here, where the field is known. */
function findUnstorableText(
  value: unknown,
  path: string[],
): FieldProblem | undefined {
  if (typeof value === 'string') {
    return /\0|\p{Surrogate}/u.test(value)
      ? {
          path: path.join('.'),
          message: 'Leave out characters that are not text',
        }
      : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = findUnstorableText(child, [...path, key]);
    if (found) return found;
  }
  return undefined;
}
