import { anthropic } from './anthropic';
import { azureOpenAi } from './azureOpenAi';
import { openai, openaiCompatible } from './openai';
import type { ProviderKind } from './spec';

const KINDS: ReadonlyMap<string, ProviderKind> = new Map([
  ['openai', openai],
  ['vllm', openaiCompatible],
  ['openai-compatible', openaiCompatible],
  ['azure-openai', azureOpenAi],
  ['anthropic', anthropic],
]);

/** What a kind of provider knows how to do; `undefined` when this build does not know the kind. */
export function providerKindOf(kind: string): ProviderKind | undefined {
  return KINDS.get(kind);
}
