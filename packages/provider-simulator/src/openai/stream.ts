import type { SendStep } from '../delivery/steps';
import type { Fault } from '../faults/kinds';
import { sumTokens, type Piece } from '../text/tokens';
import {
  callId,
  finishReason,
  SYSTEM_FINGERPRINT,
  usageBody,
  type CompletionHead,
} from './completion';
import type { ChatPlan } from './plan';

interface StreamOptions {
  readonly includeUsage: boolean;
  readonly tokensPerChunk: number;
  readonly fault: Fault | undefined;
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
  const choice = (index: number, delta: string, finish: string) =>
    `${before}{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${finish}}${after}`;

  let afterTokens = 0;
  for (const [index, answer] of plan.answers.entries()) {
    const opening =
      answer.tool === undefined
        ? { role: 'assistant', content: '', refusal: null }
        : {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                index: 0,
                id: callId(head, index),
                type: 'function',
                function: { name: answer.tool, arguments: '' },
              },
            ],
          };
    // Reasoning is over, and paid for, when the first chunk comes; so is the name of a tool.
    const tokens =
      (index === 0 ? plan.usage.reasoningTokens : 0) +
      answer.tokens -
      sumTokens(answer.pieces);
    yield {
      type: 'send',
      wire: choice(index, JSON.stringify(opening), 'null'),
      tokens,
      afterTokens,
    };
  }

  const cursors = plan.answers.map(answer =>
    inGroups(answer.pieces, tokensPerChunk),
  );
  for (let open = true; open;) {
    open = false;
    let sent = 0;
    for (const [index, cursor] of cursors.entries()) {
      const next = cursor.next();
      if (next.done) continue;
      open = true;
      const { json, tokens } = next.value;
      const delta =
        plan.answers[index].tool === undefined
          ? `{"content":"${json}"}`
          : `{"tool_calls":[{"index":0,"function":{"arguments":"${json}"}}]}`;
      yield {
        type: 'send',
        wire: choice(index, delta, 'null'),
        tokens,
        afterTokens,
      };
      sent = Math.max(sent, tokens);
    }
    // Choices are generated side by side: the time goes by once for all of them.
    afterTokens += sent;
  }

  for (const [index, answer] of plan.answers.entries()) {
    yield {
      type: 'send',
      wire: choice(index, '{}', `"${finishReason(answer)}"`),
      tokens: 0,
      afterTokens,
    };
  }
  if (tellUsage) {
    const usage = JSON.stringify(usageBody(plan.usage, fault));
    yield {
      type: 'send',
      wire: `${before}],"usage":${usage}}\n\n`,
      tokens: 0,
      afterTokens,
    };
  }
  if (fault?.kind !== 'no-done')
    yield { type: 'send', wire: 'data: [DONE]\n\n', tokens: 0, afterTokens };
}

function* inGroups(
  pieces: readonly Piece[],
  tokensPerGroup: number,
): Generator<Pick<Piece, 'json' | 'tokens'>> {
  if (tokensPerGroup === 1) {
    yield* pieces;
    return;
  }
  let json = '';
  let tokens = 0;
  for (const piece of pieces) {
    json += piece.json;
    tokens += piece.tokens;
    if (tokens >= tokensPerGroup) {
      yield { json, tokens };
      json = '';
      tokens = 0;
    }
  }
  if (tokens > 0) yield { json, tokens };
}
