import type { GenerationContext, Usage } from '../generation/operation';
import { answerTo, type Answer } from '../text/answer';
import { giantAnswer } from '../text/giant';
import { gistOf, type PromptGist } from '../text/prompt';
import { chooseCalls, replyTo, type Reply, type Tool } from '../text/reply';
import type { CacheUse } from './promptCache';
import { promptSegments, sumSegments } from './promptSegments';
import type { ContentBlock, MessageParam, MessagesRequest } from './schema';

/** Where a request enables thinking without saying how much: as much as `sim-reasoning` does. */
const THINKING_TOKENS: readonly [least: number, most: number] = [64, 320];
/** Tells the thoughts on a prompt apart from the answer to it. */
const THINKING_VARIANT = 7_919;

export interface MessageUsage extends Usage {
  readonly cache: CacheUse;
}

/** What will be answered, before it is put into bytes. */
export interface MessagePlan {
  /** The thoughts; undefined without thinking. */
  readonly thinking: Answer | undefined;
  /** Whether the thoughts are kept back, and only their signature is sent. */
  readonly thinkingOmitted: boolean;
  readonly reply: Reply;
  readonly usage: MessageUsage;
}

/** Decides the answer to a request; the same request gives the same one, but for what the cache remembers. */
export function planMessage(
  request: MessagesRequest,
  { model, knobs, fault, simulator }: GenerationContext,
): MessagePlan {
  const gist = gistOf(
    request.messages.map(({ role, content }) => ({
      role,
      text: textOf(content),
    })),
  );
  const limit = request.max_tokens;
  const wanted = knobs.completionTokens;
  const thinking = think(
    request,
    gist,
    Math.min(limit, wanted === undefined ? Infinity : Math.floor(wanted / 2)),
    knobs.reasoningTokens,
  );
  const thinkingTokens = thinking?.tokens ?? 0;

  const reply =
    fault?.kind === 'giant'
      ? giantReply(fault.parameters.size)
      : replyTo({
          gist,
          variant: 0,
          form: request.output_config?.format
            ? { type: 'json', schema: request.output_config.format.schema }
            : { type: 'prose' },
          calls: callsOf(request, knobs.toolCalls),
          announceCalls: (request.tool_choice?.type ?? 'auto') === 'auto',
          maxTokens: limit - thinkingTokens,
          exactTokens:
            wanted === undefined ? undefined : wanted - thinkingTokens,
          stop: request.stop_sequences ?? [],
        });

  const segments = promptSegments(request);
  const promptTokens = sumSegments(segments);
  const cache: CacheUse =
    knobs.cachedTokens === undefined
      ? simulator.promptCache.use(model.id, segments)
      : {
          read: Math.min(knobs.cachedTokens, promptTokens),
          written5m: 0,
          written1h: 0,
        };
  return {
    thinking,
    thinkingOmitted:
      request.thinking !== undefined &&
      request.thinking.type !== 'disabled' &&
      request.thinking.display === 'omitted',
    reply,
    usage: {
      promptTokens,
      cachedTokens: cache.read,
      cacheWriteTokens: cache.written5m + cache.written1h,
      completionTokens: thinkingTokens + reply.tokens,
      reasoningTokens: thinkingTokens,
      cache,
    },
  };
}

function think(
  { thinking: asked }: MessagesRequest,
  gist: PromptGist,
  limit: number,
  knob: number | undefined,
): Answer | undefined {
  if (!asked || asked.type === 'disabled') return undefined;
  const [least, most] = THINKING_TOKENS;
  const natural = least + (gist.hash % (most - least + 1));
  const budget = asked.type === 'enabled' ? asked.budget_tokens : Infinity;
  const tokens = Math.min(knob ?? natural, budget, limit);
  if (tokens === 0) return undefined;
  return answerTo({
    gist,
    variant: THINKING_VARIANT,
    form: { type: 'prose' },
    maxTokens: tokens,
    exactTokens: tokens,
    stop: [],
  });
}

function callsOf(
  { tools = [], tool_choice: choice, messages }: MessagesRequest,
  count: number | undefined,
): readonly Tool[] {
  const last = messages[messages.length - 1];
  const lastUser = messages.findLast(({ role }) => role === 'user');
  return chooseCalls({
    tools: tools.map(tool => ({ name: tool.name, schema: tool.input_schema })),
    choice:
      choice?.type === 'tool'
        ? { type: 'named', name: choice.name }
        : {
            type:
              choice?.type === 'any' ? 'required' : (choice?.type ?? 'auto'),
          },
    parallel: !(
      choice &&
      choice.type !== 'none' &&
      choice.disable_parallel_tool_use
    ),
    lastText: lastUser ? textOf(lastUser.content) : '',
    answersTool:
      typeof last.content !== 'string' &&
      last.content.some(({ type }) => type === 'tool_result'),
    count,
  });
}

function giantReply(size: number): Reply {
  const text = giantAnswer(size);
  return { text, calls: [], tokens: text.tokens, end: text.end };
}

function textOf(content: MessageParam['content']): string {
  if (typeof content === 'string') return content;
  return content.map(blockText).join(' ');
}

function blockText(block: ContentBlock): string {
  if (block.type === 'text') return block.text;
  if (block.type !== 'tool_result') return '';
  const { content = '' } = block;
  return typeof content === 'string'
    ? content
    : content.map(part => (part.type === 'text' ? part.text : '')).join(' ');
}
