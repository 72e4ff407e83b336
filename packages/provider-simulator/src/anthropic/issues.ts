import type { z } from 'zod';

type Issue = z.ZodError['issues'][number];

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'Input should be a valid string',
  number: 'Input should be a valid number',
  int: 'Input should be a valid integer',
  boolean: 'Input should be a valid boolean',
  array: 'Input should be a valid list',
  object: 'Input should be a valid dictionary',
  record: 'Input should be a valid dictionary',
};

/** A problem that zod found, in the words of Anthropic's validation: `messages.0.content: Field required`. */
export function wordsOf(issue: Issue, body: unknown): string {
  const { path, problem } = innermost(issue, []);
  const value = valueAt(body, path);
  if (problem.code === 'unrecognized_keys')
    return `${[...path, problem.keys[0]].join('.')}: Extra inputs are not permitted`;
  // An unknown tag is told of the object that has it, a missing one as a missing field.
  const told =
    problem.code === 'invalid_union' && value !== undefined
      ? path.filter((step, at) => at < path.length - 1 || step !== 'type')
      : path;
  return `${pathOf(told, body)}: ${value === undefined ? 'Field required' : reasonOf(problem, value)}`;
}

/** Of a union, the problem of the variant that came furthest: a list of blocks with one bad block is a list. */
function innermost(
  issue: Issue,
  before: readonly PropertyKey[],
): { readonly path: readonly PropertyKey[]; readonly problem: Issue } {
  const path = [...before, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.discriminator !== undefined)
    return { path, problem: issue };
  const inner = issue.errors
    .map(([first]) => innermost(first, path))
    .sort((one, other) => other.path.length - one.path.length)[0];
  return inner && inner.path.length > path.length
    ? inner
    : { path, problem: issue };
}

function reasonOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? 'Input should be valid';
    case 'invalid_union':
      return unionReason(issue, value);
    case 'invalid_value': {
      const values = issue.values.map(allowed => `'${String(allowed)}'`);
      const last = values.pop();
      return `Input should be ${values.length > 0 ? `${values.join(', ')} or ${last}` : last}`;
    }
    case 'too_small':
      return issue.origin === 'string'
        ? `String should have at least ${issue.minimum} character${issue.minimum === 1 ? '' : 's'}`
        : `Input should be greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? `String should have at most ${issue.maximum} characters`
        : `Input should be less than or equal to ${issue.maximum}`;
    case 'invalid_format':
      return `String should match pattern '${String(issue.pattern ?? '').replace(/^\/|\/$/g, '')}'`;
    default:
      return issue.message;
  }
}

function unionReason(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
): string {
  if (issue.discriminator === undefined)
    // The only unions without a tag are a string or a list.
    return 'Input should be a valid string or list';
  const tag = typeof value === 'string' ? value : JSON.stringify(value);
  // The schema's own message lists the tags.
  return `Input tag '${tag}' found using 'type' does not match any of the expected tags: ${issue.message}`;
}

/** Anthropic's paths name the variant of a tagged union after the step that leads to it. */
function pathOf(path: readonly PropertyKey[], body: unknown): string {
  return path
    .flatMap((step, at) => {
      const isLast = at === path.length - 1;
      const tag = isLast ? undefined : tagAt(path.slice(0, at + 1), body);
      return tag === undefined ? [step] : [step, tag];
    })
    .map(String)
    .join('.');
}

function tagAt(
  path: readonly PropertyKey[],
  body: unknown,
): string | undefined {
  const [step, list] = [path[path.length - 1], path[path.length - 2]];
  if (list === 'tools') return 'custom';
  const tagged =
    list === 'content' ||
    ['thinking', 'tool_choice', 'source'].includes(String(step));
  const tag = tagged ? valueAt(body, [...path, 'type']) : undefined;
  return typeof tag === 'string' ? tag : undefined;
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? Reflect.get(value, step)
        : undefined,
    body,
  );
}
