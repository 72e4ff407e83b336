import type { Generation, Operation } from '../generation/operation';
import { COMMON } from './common';
import { completionBody, type CompletionHead } from './completion';
import { planChat } from './plan';
import { completionEvents } from './stream';
import { replyOf } from './tell';
import { parseChatRequest, type ChatRequest } from './validate';

/** A chat request and what every operation must know of it. */
export interface ChatAsked {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly chat: ChatRequest;
}

/** How a deployment of chat completions differs from OpenAI's own. */
interface ChatSettings {
  /** Whether the verdicts of content filters are told, as Azure does. */
  readonly contentFilters: boolean;
}

/** `POST /v1/chat/completions`. */
export function chatCompletions({
  contentFilters,
}: ChatSettings): Operation<ChatAsked> {
  return {
    ...COMMON,
    idPrefix: 'chatcmpl-',
    parse: body => {
      const parsed = parseChatRequest(body);
      if (!parsed.ok) return { ok: false, error: replyOf(parsed.error) };
      const { request: chat } = parsed;
      return {
        ok: true,
        request: {
          model: chat.model,
          stream: chat.stream ?? false,
          includeUsage: chat.stream_options?.include_usage ?? false,
          chat,
        },
      };
    },
    generate: (
      { chat, includeUsage },
      { id, model, knobs, fault, tokensPerChunk, simulator },
    ): Generation => {
      const plan = planChat(chat, { model, knobs, fault });
      const head: CompletionHead = {
        id,
        created: simulator.unixTime(),
        model: chat.model,
        contentFilters,
        topLogprobs: chat.logprobs ? (chat.top_logprobs ?? 0) : undefined,
      };
      return {
        usage: plan.usage,
        body: () => completionBody(head, plan, fault),
        events: () =>
          completionEvents(head, plan, { includeUsage, tokensPerChunk, fault }),
      };
    },
  };
}
