import type { SendStep } from '../delivery/steps';
import type { Fault } from '../faults/kinds';
import type { Reply } from '../text/reply';
import { inGroups, piecesIn, sumTokens } from '../text/tokens';
import {
  callId,
  finishReason,
  SYSTEM_FINGERPRINT,
  type CompletionHead,
} from './completion';
import { CONTENT_FILTER_RESULTS, PROMPT_FILTER_EVENT } from './contentFilters';
import { chatLogprobs } from './logprobs';
import type { ChatPlan } from './plan';
import { usageBody } from './usage';

interface StreamOptions {
  readonly includeUsage: boolean;
  readonly tokensPerChunk: number;
  readonly fault: Fault | undefined;
}

/** One chunk's part of a choice; `delta` and `logprobs` are JSON. */
interface Delta {
  readonly delta: string;
  readonly logprobs: string;
  readonly tokens: number;
}

/**
 * The events of a streamed completion, made one at a time as they are drawn:
 * a chunk with the role per choice, the pieces of all choices in turn, a chunk with the finish reason per choice,
 * the usage if asked, `[DONE]`.
 *
 * The JSON is put together from parts escaped beforehand: this is the hot path of every benchmark.
 */
export function* completionEvents(
  head: CompletionHead,
  plan: ChatPlan,
  { includeUsage, tokensPerChunk, fault }: StreamOptions,
): Generator<SendStep> {
  const tellUsage = includeUsage && fault?.kind !== 'no-usage';
  const before =
    `data: {"id":${JSON.stringify(head.id)},"object":"chat.completion.chunk","created":${head.created},` +
    `"model":${JSON.stringify(head.model)},"system_fingerprint":"${SYSTEM_FINGERPRINT}","choices":[`;
  const after = tellUsage ? '],"usage":null}\n\n' : ']}\n\n';
  const filters = head.contentFilters
    ? `,"content_filter_results":${JSON.stringify(CONTENT_FILTER_RESULTS)}`
    : '';
  let afterTokens = 0;
  const send = (wire: string, tokens: number): SendStep => ({
    type: 'send',
    wire,
    tokens,
    afterTokens,
  });
  const end = `${filters}}${after}`;
  const choice = (
    index: number,
    { delta, logprobs }: Pick<Delta, 'delta' | 'logprobs'>,
    finish = 'null',
  ) =>
    `${before}{"index":${index},"delta":${delta},"logprobs":${logprobs},"finish_reason":${finish}${end}`;

  if (head.contentFilters) yield send(PROMPT_FILTER_EVENT, 0);

  const cursors = plan.replies.map((reply, index) =>
    deltasOf(head, reply, index, tokensPerChunk),
  );
  for (const [index, cursor] of cursors.entries()) {
    const opening = cursor.next();
    if (opening.done) continue;
    // Reasoning is over, and paid for, when the first chunk comes.
    const reasoning = index === 0 ? plan.usage.reasoningTokens : 0;
    yield send(choice(index, opening.value), opening.value.tokens + reasoning);
  }

  for (let open = true; open;) {
    open = false;
    let sent = 0;
    for (const [index, cursor] of cursors.entries()) {
      const next = cursor.next();
      if (next.done) continue;
      open = true;
      yield send(choice(index, next.value), next.value.tokens);
      sent = Math.max(sent, next.value.tokens);
    }
    // Choices are generated side by side: the time goes by once for all of them.
    afterTokens += sent;
  }

  for (const [index, reply] of plan.replies.entries()) {
    const finish = `"${finishReason(reply)}"`;
    yield send(choice(index, { delta: '{}', logprobs: 'null' }, finish), 0);
  }
  if (tellUsage) {
    const usage = JSON.stringify(usageBody(plan.usage, fault));
    yield send(`${before}],"usage":${usage}}\n\n`, 0);
  }
  if (fault?.kind !== 'no-done') yield send('data: [DONE]\n\n', 0);
}

/** What one choice says, chunk by chunk; the first tells the role, and the name of the function if it calls one. */
function* deltasOf(
  head: CompletionHead,
  { text, calls }: Reply,
  index: number,
  tokensPerChunk: number,
): Generator<Delta> {
  const silent = { logprobs: 'null', tokens: 0 };
  if (text) {
    const opening = { role: 'assistant', content: '', refusal: null };
    yield { ...silent, delta: JSON.stringify(opening) };
    for (const group of inGroups(text.pieces, tokensPerChunk)) {
      yield {
        delta: `{"content":"${group.json}"}`,
        logprobs:
          head.topLogprobs === undefined
            ? 'null'
            : JSON.stringify(chatLogprobs(piecesIn(group), head.topLogprobs)),
        tokens: group.tokens,
      };
    }
  }
  for (const [number, call] of calls.entries()) {
    const opening = {
      ...(number === 0 && !text && { role: 'assistant', content: null }),
      tool_calls: [
        {
          index: number,
          id: callId(head, index, number),
          type: 'function',
          function: { name: call.tool, arguments: '' },
        },
      ],
    };
    yield {
      ...silent,
      delta: JSON.stringify(opening),
      // The name of the function is generated too.
      tokens: call.tokens - sumTokens(call.pieces),
    };
    for (const { json, tokens } of inGroups(call.pieces, tokensPerChunk)) {
      yield {
        ...silent,
        delta: `{"tool_calls":[{"index":${number},"function":{"arguments":"${json}"}}]}`,
        tokens,
      };
    }
  }
}
