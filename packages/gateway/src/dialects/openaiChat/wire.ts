import type { JsonObject } from '../canonical/json';

/** OpenAI's shapes, as far as they are written here. */

export interface OpenAiUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: {
    readonly cached_tokens: number;
    readonly cache_write_tokens: number;
  };
  readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

export interface OpenAiToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** Not OpenAI's: how gateways give thinking with its signature to OpenAI-style clients, so that they can send it back. */
export type OpenAiThinkingBlock =
  | {
      readonly type: 'thinking';
      readonly thinking: string;
      readonly signature?: string;
    }
  | { readonly type: 'redacted_thinking'; readonly data: string };

export interface OpenAiMessage {
  readonly role: 'assistant';
  readonly content: string | null;
  readonly refusal: string | null;
  /** Not OpenAI's own; vLLM and DeepSeek call it so. */
  readonly reasoning_content?: string;
  readonly thinking_blocks?: readonly OpenAiThinkingBlock[];
  readonly tool_calls?: OpenAiToolCall[];
}

export type OpenAiFinishReason =
  'stop' | 'length' | 'tool_calls' | 'content_filter';

export interface OpenAiCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: {
    readonly index: number;
    readonly message: OpenAiMessage;
    readonly logprobs: JsonObject | null;
    readonly finish_reason: OpenAiFinishReason;
  }[];
  readonly usage?: OpenAiUsage;
}

export interface OpenAiDelta {
  readonly role?: 'assistant';
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string;
  readonly thinking_blocks?: readonly OpenAiThinkingBlock[];
  readonly tool_calls?: {
    readonly index: number;
    readonly id?: string;
    readonly type?: 'function';
    readonly function: { readonly name?: string; readonly arguments: string };
  }[];
}

export interface OpenAiChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  readonly choices: {
    readonly index: number;
    readonly delta: OpenAiDelta;
    readonly logprobs: JsonObject | null;
    readonly finish_reason: OpenAiFinishReason | null;
  }[];
  readonly usage?: OpenAiUsage | null;
}

export interface OpenAiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}
