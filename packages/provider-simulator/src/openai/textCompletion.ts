import type { SendStep } from '../delivery/steps';
import type { Fault } from '../faults/kinds';
import {
  inGroups,
  joinText,
  piecesIn,
  splitTokens,
  type Piece,
} from '../text/tokens';
import { SYSTEM_FINGERPRINT } from './completion';
import { tokenLogprobs } from './logprobs';
import type { TextChoice, TextPlan } from './textPlan';
import { usageBody } from './usage';

/** What every chunk and body of one completion has in common. */
interface TextHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  /** Whether the prompt is repeated before each completion. */
  readonly echo: boolean;
  readonly topLogprobs: number | undefined;
}

/** The body of a text completion that is not streamed. */
export function textCompletionBody(
  head: TextHead,
  plan: TextPlan,
  fault: Fault | undefined,
): string {
  return JSON.stringify({
    ...common(head),
    choices: plan.choices.map((choice, index) => {
      const echoed = echoOf(head, choice);
      return {
        text: (head.echo ? choice.prompt : '') + choice.answer.text,
        index,
        logprobs: logprobsOf(head, {
          offset: 0,
          echoed,
          pieces: choice.answer.pieces,
        }),
        finish_reason: finishReason(choice),
      };
    }),
    ...(fault?.kind !== 'no-usage' && { usage: usageBody(plan.usage, fault) }),
  });
}

/** The events of a streamed one: the echo if asked, the pieces of all choices in turn, the ends, usage, `[DONE]`. */
export function* textCompletionEvents(
  head: TextHead,
  plan: TextPlan,
  {
    includeUsage,
    tokensPerChunk,
    fault,
  }: {
    readonly includeUsage: boolean;
    readonly tokensPerChunk: number;
    readonly fault: Fault | undefined;
  },
): Generator<SendStep> {
  const tellUsage = includeUsage && fault?.kind !== 'no-usage';
  let afterTokens = 0;
  const send = (choices: object[], tokens: number, usage: object | null) => {
    const data = { ...common(head), choices, ...(tellUsage && { usage }) };
    const wire = `data: ${JSON.stringify(data)}\n\n`;
    return { type: 'send', wire, tokens, afterTokens } as const;
  };

  const cursors = plan.choices.map(choice =>
    partsOf(head, choice, tokensPerChunk),
  );
  for (let open = true; open;) {
    open = false;
    let sent = 0;
    for (const [index, cursor] of cursors.entries()) {
      const next = cursor.next();
      if (next.done) continue;
      open = true;
      const { text, logprobs, tokens } = next.value;
      yield send(
        [{ text, index, logprobs, finish_reason: null }],
        tokens,
        null,
      );
      sent = Math.max(sent, tokens);
    }
    // Choices are generated side by side: the time goes by once for all of them.
    afterTokens += sent;
  }
  for (const [index, choice] of plan.choices.entries()) {
    const end = {
      text: '',
      index,
      logprobs: null,
      finish_reason: finishReason(choice),
    };
    yield send([end], 0, null);
  }
  if (tellUsage) yield send([], 0, usageBody(plan.usage, fault));
  if (fault?.kind !== 'no-done')
    yield { type: 'send', wire: 'data: [DONE]\n\n', tokens: 0, afterTokens };
}

function* partsOf(
  head: TextHead,
  choice: TextChoice,
  tokensPerChunk: number,
): Generator<{ text: string; logprobs: object | null; tokens: number }> {
  let offset = 0;
  if (head.echo) {
    const logprobs = logprobsOf(head, {
      offset,
      echoed: echoOf(head, choice),
      pieces: [],
    });
    yield { text: choice.prompt, logprobs, tokens: 0 };
    offset = choice.prompt.length;
  }
  for (const group of inGroups(choice.answer.pieces, tokensPerChunk)) {
    const pieces = piecesIn(group);
    const text = joinText(pieces);
    const logprobs = logprobsOf(head, { offset, echoed: [], pieces });
    yield { text, logprobs, tokens: group.tokens };
    offset += text.length;
  }
}

function common({ id, created, model }: TextHead) {
  return {
    id,
    object: 'text_completion',
    created,
    model,
    system_fingerprint: SYSTEM_FINGERPRINT,
  };
}

/** The prompt in pieces, where its log probabilities are asked for too. */
function echoOf(
  { echo, topLogprobs }: TextHead,
  { prompt }: TextChoice,
): readonly Piece[] {
  return echo && topLogprobs !== undefined ? splitTokens(prompt) : [];
}

function logprobsOf(
  { topLogprobs }: TextHead,
  {
    offset,
    echoed,
    pieces,
  }: {
    /** Characters before these pieces. */
    readonly offset: number;
    readonly echoed: readonly Piece[];
    readonly pieces: readonly Piece[];
  },
): object | null {
  if (topLogprobs === undefined) return null;
  const tokens = tokenLogprobs([...echoed, ...pieces], topLogprobs);
  // The first token of a prompt follows nothing, so it has no probability.
  const unknown = echoed.length > 0 ? 1 : 0;
  let at = offset;
  return {
    tokens: tokens.map(({ text }) => text),
    token_logprobs: tokens.map(({ logprob }, index) =>
      index < unknown ? null : logprob,
    ),
    top_logprobs: tokens.map(({ top }, index) =>
      index < unknown || top.length === 0
        ? null
        : Object.fromEntries(top.map(({ text, logprob }) => [text, logprob])),
    ),
    text_offset: tokens.map(({ text }) => {
      const start = at;
      at += text.length;
      return start;
    }),
  };
}

function finishReason({ answer }: TextChoice): 'stop' | 'length' {
  return answer.end === 'length' ? 'length' : 'stop';
}
