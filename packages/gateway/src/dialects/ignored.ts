/**
 * Everything that translation leaves out, and why it may: it does not change what is answered. Whatever is not listed here is translated
 * or refused by name.
 *
 * The readers take these lists to know which members they may skip, so that the table and the behaviour are one thing.
 */

/** Members of a request that are skipped when it is read to be translated; a request that is passed through keeps them. */
export const IGNORED_MEMBERS = {
  openAiChat: {
    request: {
      store: 'what OpenAI keeps for its own dashboard',
      prediction: 'makes an answer faster, and not another one',
      prompt_cache_key: 'where OpenAI looks for a cached prompt',
      prompt_cache_options: 'how OpenAI caches',
      prompt_cache_retention: 'how long OpenAI caches',
    },
    streamOptions: {
      include_obfuscation: 'padding of chunks',
    },
    assistantMessage: {
      annotations: 'of an earlier answer, sent back by those who send back all',
    },
    toolCall: {
      index: 'of an earlier stream, sent back by those who send back all',
    },
  },
  anthropicMessages: {
    request: {
      diagnostics: 'asks why a cached prompt did not match',
      speed: 'makes an answer faster, and not another one',
    },
    tool: {
      eager_input_streaming: 'how finely arguments are streamed',
    },
  },
} as const;

/** What a canonical request may hold that a dialect leaves out when it is written. */
export const IGNORED_FEATURES = {
  openAiChat: {
    cacheMarker: 'OpenAI and its like cache by themselves',
    signature: "a proof for the provider that wrote it, who is not this one's",
    display: 'how much of the thinking is shown; OpenAI shows none',
  },
  anthropicMessages: {
    metadata: 'labels for the dashboard of the provider',
    serviceTier: "'flex', 'scale', 'priority' and 'fast' are OpenAI's offers",
    detail: 'images are always looked at in full',
    responseFormatName: 'a label; the schema is what counts',
    strict: 'schemas of answers are always kept to',
    author: 'there is one kind of system message',
    emptyText: 'text without a character says nothing, and is not taken',
  },
} as const;
