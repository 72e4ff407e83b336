/** What the provider of a model can do, of the things in which Anthropic's models and those who host them differ. */
export interface AnthropicTarget {
  readonly model: string;
  /** The `max_tokens` of a request that states none: Anthropic's dialect requires one. */
  readonly defaultMaxTokens: number;
  /**
   * How thinking is asked for: newer models decide for themselves how much, guided by an effort; older ones are given a number of
   * tokens; others do not think.
   */
  readonly thinking: 'adaptive' | 'budget' | 'none';
  /** Whether `temperature`, `top_p` and `top_k` are taken; the newest models do without. */
  readonly sampling: boolean;
  /** Whether an answer can be held to a schema, by `output_config.format`. */
  readonly structuredOutput: boolean;
  /** Whether messages of the system may stand between others, and not only before them; most models refuse them there. */
  readonly systemMessages: boolean;
  /** Whether images and documents may be given by URL; Bedrock and Vertex take bytes only. */
  readonly imageUrls: boolean;
}

/** Anthropic's current models, on its own API. */
export function anthropicTarget(
  model: string,
  options: Pick<AnthropicTarget, 'defaultMaxTokens'> &
    Partial<Omit<AnthropicTarget, 'model'>>,
): AnthropicTarget {
  return {
    model,
    thinking: 'adaptive',
    sampling: true,
    structuredOutput: true,
    systemMessages: false,
    imageUrls: true,
    ...options,
  };
}
