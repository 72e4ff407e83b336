import type { PromptGist } from './prompt';

/** Schemas may refer to themselves; optional parts are left out from here on, and everything a bit deeper. */
const MAX_DEPTH = 8;

type Schema = Readonly<Record<string, unknown>>;

/**
 * A plain value that follows a JSON schema: every property, one item per array, strings from the prompt.
 * Knows the keywords that tool definitions and structured outputs use; patterns are not honoured.
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
  if (Array.isArray(schema.allOf))
    return sample(merged(schema, schema.allOf, context), context, depth + 1);
  for (const key of ['anyOf', 'oneOf'] as const) {
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
  const step = bound(schema.multipleOf) ?? 1;
  const least = leastOf(schema, step);
  const most = mostOf(schema, step);
  const lowest = least ?? Math.min(0, most ?? 0);
  const highest = most ?? lowest + 100 * step;
  // In steps from the first one in range, so that a multiple stays one.
  const first = Math.ceil(lowest / step) * step;
  const steps = Math.max(1, Math.floor((highest - first) / step));
  return schema.multipleOf === undefined
    ? lowest + (gist.hash % Math.max(1, Math.floor(highest - lowest)))
    : first + (gist.hash % steps) * step;
}

function leastOf(schema: Schema, step: number): number | undefined {
  const above = bound(schema.exclusiveMinimum);
  return bound(schema.minimum) ?? (above === undefined ? above : above + step);
}

function mostOf(schema: Schema, step: number): number | undefined {
  const below = bound(schema.exclusiveMaximum);
  return bound(schema.maximum) ?? (below === undefined ? below : below - step);
}

/** Values of the formats that structured outputs know. */
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2025-01-01T12:00:00Z',
  date: '2025-01-01',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '00000000-0000-4000-8000-000000000000',
  uri: 'https://example.com/',
};

function stringFrom(schema: Schema, { gist }: Context): string {
  if (typeof schema.format === 'string' && schema.format in FORMATS)
    return FORMATS[schema.format];
  const text = gist.quote || gist.topics[0] || 'the question';
  const shortest = Math.min(bound(schema.minLength) ?? 0, 10_000);
  const longest = bound(schema.maxLength) ?? Infinity;
  return Array.from(text.padEnd(shortest, '.')).slice(0, longest).join('');
}

/** One schema for all of several, so far as their keywords can stand side by side. */
function merged(
  schema: Schema,
  parts: readonly unknown[],
  { root }: Context,
): Schema {
  const { allOf: _, ...own } = schema;
  return parts
    .map(part =>
      isRecord(part) && typeof part.$ref === 'string'
        ? resolve(part.$ref, root)
        : part,
    )
    .filter(isRecord)
    .reduce<Schema>(
      (whole, part) => ({
        ...whole,
        ...part,
        properties: {
          ...(isRecord(whole.properties) ? whole.properties : {}),
          ...(isRecord(part.properties) ? part.properties : {}),
        },
        required: [...listOf(whole.required), ...listOf(part.required)],
      }),
      own,
    );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
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
