import { countTokens } from '../text/tokens';
import type {
  CacheControl,
  ContentBlock,
  MessageParam,
  Prompt,
  ToolParam,
} from './schema';

// Anthropic's tokenizer is not published; what is told of overheads is in its pricing of tool use.
const TOOLS_AUTO = 346;
const TOOLS_FORCED = 313;
const PER_MESSAGE = 3;
const REPLY_PRIMING = 3;
/** A picture of one megapixel, (width × height) / 750; the pictures themselves are not looked at. */
const PER_IMAGE = 1_334;
/** A page of a document, at the lower end of what is told. */
const PER_DOCUMENT = 1_500;

/** A part of a prompt that ends where a cache may. */
export interface Segment {
  /** Everything that makes it what it is. */
  readonly key: string;
  readonly tokens: number;
  /** Where the client asks the prompt to be cached up to the end of this part: for how long. */
  readonly cache: '5m' | '1h' | undefined;
}

/** A prompt in the order in which it is cached: tools, system, messages. */
export function promptSegments(prompt: Prompt): readonly Segment[] {
  const segments = [
    ...toolSegments(prompt),
    ...systemSegments(prompt),
    ...prompt.messages.flatMap(messageSegments),
  ];
  const last = segments.length - 1;
  return segments.map((segment, index) =>
    index === last
      ? {
          ...segment,
          tokens: segment.tokens + REPLY_PRIMING,
          cache: segment.cache ?? ttlOf(prompt.cache_control),
        }
      : segment,
  );
}

export function sumSegments(segments: readonly Segment[]): number {
  return segments.reduce((sum, { tokens }) => sum + tokens, 0);
}

function toolSegments({ tools = [], tool_choice: choice }: Prompt): Segment[] {
  const forced = choice?.type === 'any' || choice?.type === 'tool';
  return tools.map((tool, index) => {
    const key = JSON.stringify(withoutCacheControl(tool));
    const overhead = forced ? TOOLS_FORCED : TOOLS_AUTO;
    return {
      key,
      tokens: countTokens(key) + (index === 0 ? overhead : 0),
      cache: ttlOf(tool.cache_control),
    };
  });
}

function systemSegments({ system = [] }: Prompt): Segment[] {
  if (typeof system === 'string')
    return system === ''
      ? []
      : [
          {
            key: `system:${system}`,
            tokens: countTokens(system),
            cache: undefined,
          },
        ];
  return system.map(({ text, cache_control: control }) => ({
    key: `system:${text}`,
    tokens: countTokens(text),
    cache: ttlOf(control),
  }));
}

function messageSegments({ role, content }: MessageParam): Segment[] {
  const blocks: readonly ContentBlock[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return blocks.map((block, index) => ({
    key: `${role}:${JSON.stringify(withoutCacheControl(block))}`,
    tokens: countBlock(block) + (index === 0 ? PER_MESSAGE : 0),
    cache: ttlOf(block.cache_control),
  }));
}

type ResultBlock = Extract<
  ContentBlock,
  { type: 'text' | 'image' | 'document' }
>;

function countBlock(block: ContentBlock): number {
  switch (block.type) {
    case 'tool_use':
      return countTokens(block.name) + countTokens(JSON.stringify(block.input));
    case 'tool_result': {
      const { content = '' } = block;
      const blocks: readonly ResultBlock[] =
        typeof content === 'string'
          ? [{ type: 'text', text: content }]
          : content;
      return blocks.reduce(
        (sum, part) => sum + countSaid(part),
        countTokens(block.tool_use_id),
      );
    }
    case 'thinking':
    case 'redacted_thinking':
      // Thoughts of earlier turns are stripped before the model reads the prompt, and not paid again.
      return 0;
    default:
      return countSaid(block);
  }
}

function countSaid(block: ResultBlock): number {
  if (block.type === 'text') return countTokens(block.text);
  if (block.type === 'image') return PER_IMAGE;
  return block.source.type === 'text'
    ? countTokens(block.source.data ?? '')
    : PER_DOCUMENT;
}

function ttlOf(control: CacheControl): Segment['cache'] {
  return control ? (control.ttl ?? '5m') : undefined;
}

function withoutCacheControl(block: ContentBlock | ToolParam): object {
  const { cache_control: _, ...rest } = { cache_control: undefined, ...block };
  return rest;
}
