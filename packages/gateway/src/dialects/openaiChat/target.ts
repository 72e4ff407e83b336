/** What the provider of a model can do, of the things in which those who speak OpenAI's dialect differ. */
export interface OpenAiChatTarget {
  readonly model: string;
  /** OpenAI itself takes `max_completion_tokens`; many others know the older name only. */
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** Whether the model thinks, and takes `reasoning_effort`. */
  readonly reasoning: boolean;
  /** Whether thinking of earlier turns is taken back, as `reasoning_content`: vLLM and DeepSeek do, OpenAI does not. */
  readonly reasoningContent: boolean;
  /** Whether it takes `top_k`: vLLM does. */
  readonly topK: boolean;
  /** The most stop sequences that it takes. */
  readonly maxStopSequences: number;
}

/** OpenAI and Azure OpenAI. */
export function openAiTarget(
  model: string,
  { reasoning }: { readonly reasoning: boolean },
): OpenAiChatTarget {
  return {
    model,
    maxTokensField: 'max_completion_tokens',
    reasoning,
    reasoningContent: false,
    topK: false,
    maxStopSequences: 4,
  };
}

/** vLLM and most others that serve open models. */
export function openAiCompatibleTarget(
  model: string,
  { reasoning }: { readonly reasoning: boolean },
): OpenAiChatTarget {
  return {
    model,
    maxTokensField: 'max_tokens',
    reasoning,
    reasoningContent: true,
    topK: true,
    maxStopSequences: 16,
  };
}
