import { openai } from './openai';
import type { ProviderDialect } from './spec';

/** Kinds of providers by the dialect that they speak. */
const DIALECTS: ReadonlyMap<string, ProviderDialect> = new Map([
  ['openai', openai],
  ['vllm', openai],
  ['openai-compatible', openai],
]);

/** The dialect of a kind of provider; `undefined` when this build does not know the kind. */
export function dialectOf(kind: string): ProviderDialect | undefined {
  return DIALECTS.get(kind);
}
