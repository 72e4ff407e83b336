import { answerTo, type Answer, type AnswerForm } from './answer';
import type { PromptGist } from './prompt';

/** A function that may be called, in no dialect's words. */
export interface Tool {
  readonly name: string;
  readonly schema: unknown;
}

export type ToolChoice =
  | { readonly type: 'none' | 'auto' | 'required' }
  | { readonly type: 'named'; readonly name: string };

/** One choice of a chat: text, calls, or both. */
export interface Reply {
  readonly text?: Answer;
  readonly calls: readonly Answer[];
  /** Tokens of all of it. */
  readonly tokens: number;
  readonly end: Answer['end'];
}

export interface ReplyRequest {
  readonly gist: PromptGist;
  readonly variant: number;
  readonly maxTokens: number;
  readonly exactTokens?: number;
  readonly stop: readonly string[];
  /** The form of the text, where the answer is text. */
  readonly form: Extract<AnswerForm, { type: 'prose' | 'json' }>;
  /** The functions to call, in order; none for text. */
  readonly calls: readonly Tool[];
  /** Whether a sentence comes before the calls. */
  readonly announceCalls: boolean;
}

/** Tokens of the sentence that announces calls. */
const ANNOUNCEMENT_TOKENS = 12;

/** Which functions an answer calls; none when it is to be text. */
export function chooseCalls({
  tools,
  choice,
  parallel,
  lastText,
  answersTool,
  count,
}: {
  readonly tools: readonly Tool[];
  readonly choice: ToolChoice;
  /** Whether several calls are allowed in one answer. */
  readonly parallel: boolean;
  /** What the user said last; tools named in it are called. */
  readonly lastText: string;
  /** Whether the prompt ends with the result of a call, which an answer follows and not another call. */
  readonly answersTool: boolean;
  /** Exactly so many calls, where the request says so. */
  readonly count: number | undefined;
}): readonly Tool[] {
  if (tools.length === 0 || choice.type === 'none') return [];
  const most = parallel ? Infinity : 1;
  const asked =
    choice.type === 'named'
      ? tools.filter(({ name }) => name === choice.name).slice(0, 1)
      : tools.filter(({ name }) => names(lastText, name));

  if (count !== undefined) {
    const pool = asked.length > 0 ? asked : tools;
    const length = Math.min(count, most);
    return Array.from({ length }, (_, index) => pool[index % pool.length]);
  }
  if (choice.type === 'auto') return answersTool ? [] : asked.slice(0, most);
  return (asked.length > 0 ? asked : tools.slice(0, 1)).slice(0, most);
}

/** The reply to a request: the same request gives the same reply. */
export function replyTo(request: ReplyRequest): Reply {
  const { gist, calls, announceCalls, maxTokens, ...rest } = request;
  if (calls.length === 0) {
    const text = answerTo({ ...rest, gist, maxTokens });
    return { text, calls: [], tokens: text.tokens, end: text.end };
  }

  let left = maxTokens;
  let end: Answer['end'] = 'natural';
  let text: Answer | undefined;
  if (announceCalls) {
    text = answerTo({
      gist,
      variant: rest.variant,
      form: { type: 'prose' },
      maxTokens: left,
      exactTokens: ANNOUNCEMENT_TOKENS,
      stop: [],
    });
    left -= text.tokens;
    end = text.end;
  }
  const made: Answer[] = [];
  for (const [index, tool] of calls.entries()) {
    if (end === 'length') break;
    const call = answerTo({
      // Another hash gives another call of the same function other numbers.
      gist: { ...gist, hash: (gist.hash + index) >>> 0 },
      variant: rest.variant,
      form: { type: 'tool-call', name: tool.name, schema: tool.schema },
      maxTokens: left,
      stop: [],
    });
    made.push(call);
    left -= call.tokens;
    end = call.end;
  }
  return {
    text,
    calls: made,
    tokens: made.reduce((sum, call) => sum + call.tokens, text?.tokens ?? 0),
    end,
  };
}

/** Whether the text holds the name as a word of its own. */
function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}
