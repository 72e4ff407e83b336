import type {
  TokenClass,
  TokenCounts,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** What a reader calls the classes of tokens, in the order in which they are shown: those in, then those out. */
export const TOKEN_CLASS_LABELS = {
  input: 'Input',
  cachedInput: 'Cached input',
  cacheWrite: 'Cache write',
  audio: 'Audio',
  image: 'Image',
  output: 'Output',
  reasoning: 'Reasoning',
} as const satisfies Record<TokenClass, string>;

/** Classes in the order in which they are shown. */
export const SHOWN_TOKEN_CLASSES: readonly TokenClass[] = [
  'input',
  'cachedInput',
  'cacheWrite',
  'audio',
  'image',
  'output',
  'reasoning',
];

/** Those in, those out. */
export const TOKEN_CLASSES_IN = SHOWN_TOKEN_CLASSES.slice(0, 5);
/** {@inheritDoc TOKEN_CLASSES_IN} */
export const TOKEN_CLASSES_OUT = SHOWN_TOKEN_CLASSES.slice(5);

/**
 * The classes that make up a count, for a hover: `Input 1,200 · Cached input 300`. Classes that were not used are left out, but never
 * all.
 */
export function describeTokens(
  tokens: TokenCounts,
  classes: readonly TokenClass[] = SHOWN_TOKEN_CLASSES,
  locale?: string,
): string {
  const used = classes.filter(name => tokens[name] > 0);
  return (used.length > 0 ? used : classes.slice(0, 1))
    .map(
      name =>
        `${TOKEN_CLASS_LABELS[name]} ${tokens[name].toLocaleString(locale)}`,
    )
    .join(' · ');
}
