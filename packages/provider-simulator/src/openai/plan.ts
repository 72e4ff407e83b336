import type { Fault } from '../faults/kinds';
import type { Usage } from '../generation/operation';
import type { Knobs } from '../knobs';
import type { SimulatedModel } from '../models';
import { giantAnswer } from '../text/giant';
import { gistOf, type PromptGist } from '../text/prompt';
import {
  chooseCalls,
  replyTo,
  type Reply,
  type ReplyRequest,
  type Tool,
  type ToolChoice,
} from '../text/reply';
import { countPromptTokens } from './promptTokens';
import type { ChatMessage, ChatRequest } from './validate';

/** What will be answered, before it is put into bytes. */
export interface ChatPlan {
  /** One per choice. */
  readonly replies: readonly Reply[];
  readonly usage: Usage;
}

/** Decides the answers to a request; the same arguments always give the same plan. */
export function planChat(
  request: ChatRequest,
  {
    model,
    knobs,
    fault,
  }: {
    readonly model: SimulatedModel;
    readonly knobs: Knobs;
    readonly fault: Fault | undefined;
  },
): ChatPlan {
  const gist = gistOf(
    request.messages.map(message => ({
      role: message.role,
      text: textOf(message),
    })),
  );
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Infinity;
  const wanted = knobs.completionTokens;

  // An exact count leaves at least half to the text, so that there is an answer to see.
  const reasoningTokens = Math.min(
    knobs.reasoningTokens ?? naturalReasoning(model, gist),
    limit,
    wanted === undefined ? Infinity : Math.floor(wanted / 2),
  );
  const common = {
    gist,
    form: formOf(request),
    calls: callsOf(request, knobs.toolCalls),
    announceCalls: false,
    maxTokens: limit - reasoningTokens,
    exactTokens: wanted === undefined ? undefined : wanted - reasoningTokens,
    stop: stopSequences(request.stop),
  };
  const replies = Array.from({ length: request.n ?? 1 }, (_, index) =>
    fault?.kind === 'giant'
      ? giantReply(fault.parameters.size)
      : replyTo({ ...common, variant: (request.seed ?? 0) + index }),
  );

  const promptTokens = countPromptTokens(request);
  return {
    replies,
    usage: {
      promptTokens,
      cachedTokens: Math.min(knobs.cachedTokens ?? 0, promptTokens),
      completionTokens: replies.reduce(
        (sum, reply) => sum + reply.tokens,
        reasoningTokens,
      ),
      reasoningTokens,
    },
  };
}

function naturalReasoning(
  { reasoningTokens }: SimulatedModel,
  gist: PromptGist,
): number {
  if (!reasoningTokens) return 0;
  const [least, most] = reasoningTokens;
  return least + (gist.hash % (most - least + 1));
}

function formOf({
  response_format: format,
}: ChatRequest): ReplyRequest['form'] {
  if (format?.type === 'json_object') return { type: 'json' };
  if (format?.type === 'json_schema')
    return { type: 'json', schema: format.json_schema.schema };
  return { type: 'prose' };
}

function callsOf(
  { tools, tool_choice: choice, parallel_tool_calls, messages }: ChatRequest,
  count: number | undefined,
): readonly Tool[] {
  const lastUser = messages.findLast(({ role }) => role === 'user');
  return chooseCalls({
    tools: (tools ?? []).map(({ function: { name, parameters } }) => ({
      name,
      schema: parameters ?? {},
    })),
    choice: choiceOf(choice),
    parallel: parallel_tool_calls ?? true,
    lastText: lastUser ? textOf(lastUser) : '',
    answersTool: ['tool', 'function'].includes(
      messages[messages.length - 1].role,
    ),
    count,
  });
}

function choiceOf(choice: ChatRequest['tool_choice']): ToolChoice {
  if (typeof choice === 'string') return { type: choice };
  return choice
    ? { type: 'named', name: choice.function.name }
    : { type: 'auto' };
}

function giantReply(size: number): Reply {
  const text = giantAnswer(size);
  return { text, calls: [], tokens: text.tokens, end: text.end };
}

/** The stop sequences of a request as a list; an empty one stops nothing. */
export function stopSequences(stop: ChatRequest['stop']): readonly string[] {
  const sequences = typeof stop === 'string' ? [stop] : (stop ?? []);
  return sequences.filter(sequence => sequence.length > 0);
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(part => part.text ?? '').join(' ');
}
