import type { PromptGist } from './prompt';

/** Schemas may refer to themselves; optional parts are left out from here on, and everything a bit deeper. */
const MAX_DEPTH = 8;

type Schema = Readonly<Record<string, unknown>>;

/**
 * A plain value that follows a JSON schema: every property, one item per array, strings from the prompt.
 * Knows the keywords that tool definitions and structured outputs use; formats and patterns are not honoured.
 */
export function sampleJson(schema: unknown, gist: PromptGist): unknown {
  return sample(schema, { root: isRecord(schema) ? schema : {}, gist }, 0);
}

interface Context {
  readonly root: Schema;
  readonly gist: PromptGist;
}

function sample(schema: unknown, context: Context, depth: number): unknown {
  if (!isRecord(schema) || depth > MAX_DEPTH) return null;
  if ('const' in schema) return schema.const;
  if ('default' in schema) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  if (typeof schema.$ref === 'string')
    return sample(resolve(schema.$ref, context.root), context, depth + 1);
  for (const key of ['anyOf', 'oneOf', 'allOf'] as const) {
    const variants = schema[key];
    if (Array.isArray(variants)) return sample(variants[0], context, depth + 1);
  }
  switch (typeOf(schema)) {
    case 'object':
      return sampleObject(schema, context, depth);
    case 'array':
      return sampleArray(schema, context, depth);
    case 'integer':
      return Math.ceil(numberFrom(schema, context));
    case 'number':
      return numberFrom(schema, context);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return stringFrom(schema, context);
  }
}

function sampleObject(
  schema: Schema,
  context: Context,
  depth: number,
): unknown {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const required: readonly unknown[] = Array.isArray(schema.required)
    ? schema.required
    : [];
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => depth < MAX_DEPTH / 2 || required.includes(name))
      .map(([name, property]) => [name, sample(property, context, depth + 1)]),
  );
}

function sampleArray(schema: Schema, context: Context, depth: number): unknown {
  const wanted = typeof schema.minItems === 'number' ? schema.minItems : 1;
  const length =
    depth < MAX_DEPTH / 2
      ? Math.min(Math.max(wanted, 1), 16)
      : Math.min(wanted, 1);
  return Array.from({ length }, () => sample(schema.items, context, depth + 1));
}

function numberFrom(schema: Schema, { gist }: Context): number {
  const lowest =
    bound(schema.minimum) ??
    (bound(schema.exclusiveMinimum) === undefined
      ? 0
      : Number(schema.exclusiveMinimum) + 1);
  const highest = bound(schema.maximum) ?? lowest + 100;
  return lowest + (gist.hash % Math.max(1, Math.floor(highest - lowest)));
}

function stringFrom(schema: Schema, { gist }: Context): string {
  const text = gist.quote || gist.topics[0] || 'the question';
  const longest = bound(schema.maxLength);
  return longest === undefined
    ? text
    : Array.from(text).slice(0, longest).join('');
}

function typeOf(schema: Schema): unknown {
  if (Array.isArray(schema.type))
    return schema.type.find(type => type !== 'null') ?? 'null';
  return schema.type ?? (isRecord(schema.properties) ? 'object' : undefined);
}

/** Follows a local reference such as `#/$defs/address`. */
function resolve(reference: string, root: Schema): unknown {
  let found: unknown = root;
  for (const step of reference.split('/').slice(1)) {
    found = isRecord(found)
      ? found[step.replaceAll('~1', '/').replaceAll('~0', '~')]
      : undefined;
  }
  return found;
}

function bound(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : undefined;
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
