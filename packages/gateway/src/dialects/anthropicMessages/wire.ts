import type { JsonObject } from '../canonical/json';

/** Anthropic's shapes, as far as they are written here; members that are always empty here are there because clients may look at them. */

export interface AnthropicUsage {
  readonly cache_creation: null;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly inference_geo: null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly thinking_tokens: number };
  readonly server_tool_use: null;
  readonly service_tier: null;
  readonly speed: null;
}

export type AnthropicDeltaUsage = Pick<
  AnthropicUsage,
  | 'cache_creation_input_tokens'
  | 'cache_read_input_tokens'
  | 'input_tokens'
  | 'output_tokens'
  | 'output_tokens_details'
  | 'server_tool_use'
>;

export type AnthropicStopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded';

export interface AnthropicStopDetails {
  readonly type: 'refusal';
  readonly category: null;
  readonly explanation: string;
}

export type AnthropicBlock =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly citations: null;
    }
  | {
      readonly type: 'thinking';
      readonly thinking: string;
      readonly signature: string;
    }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: JsonObject;
      readonly caller: { readonly type: 'direct' };
    };

export interface AnthropicStop {
  readonly stop_reason: AnthropicStopReason | null;
  readonly stop_sequence: string | null;
  readonly stop_details: AnthropicStopDetails | null;
}

export interface AnthropicMessage extends AnthropicStop {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: AnthropicBlock[];
  readonly container: null;
  readonly diagnostics: null;
  readonly usage: AnthropicUsage;
}

export type AnthropicBlockDelta =
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'thinking_delta'; readonly thinking: string }
  | { readonly type: 'signature_delta'; readonly signature: string }
  | { readonly type: 'input_json_delta'; readonly partial_json: string };

export type AnthropicEvent =
  | { readonly type: 'message_start'; readonly message: AnthropicMessage }
  | {
      readonly type: 'content_block_start';
      readonly index: number;
      readonly content_block: AnthropicBlock;
    }
  | {
      readonly type: 'content_block_delta';
      readonly index: number;
      readonly delta: AnthropicBlockDelta;
    }
  | { readonly type: 'content_block_stop'; readonly index: number }
  | {
      readonly type: 'message_delta';
      readonly delta: AnthropicStop & { readonly container: null };
      readonly usage: AnthropicDeltaUsage;
    }
  | { readonly type: 'message_stop' };

export interface AnthropicErrorBody {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id: string | null;
}
