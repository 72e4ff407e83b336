import fc from 'fast-check';
import type { AnswerPart, ToolCall } from '../canonical/content';
import type { CanonicalResponse, Choice, Finish } from '../canonical/response';
import type { StreamPart } from '../canonical/streamPart';

const words = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const base64 = fc.base64String({ minLength: 4, maxLength: 40 });
const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,20}$/);
const count = fc.integer({ min: 0, max: 1_000_000 });

const usage = fc
  .record({
    input: count,
    cachedInput: count,
    cacheWrite: count,
    output: count,
    reasoning: count,
  })
  .map(tokens => ({ ...tokens, audio: 0, image: 0 }));

const toolCalls = fc
  .array(
    fc.record({
      name,
      arguments: fc
        .dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
        .map(value => JSON.stringify(JSON.parse(JSON.stringify(value)))),
    }),
    { maxLength: 3 },
  )
  .map(calls =>
    calls.map((call, index): ToolCall => ({
      type: 'toolCall',
      id: `call_${index}`,
      ...call,
    })),
  );

/** At most one of each kind that is said, then the calls: the order in which OpenAI's dialect has them. */
const openAiParts = fc
  .tuple(
    fc.option(words, { nil: '' }),
    fc.option(words, { nil: '' }),
    fc.option(words, { nil: '' }),
    toolCalls,
  )
  .map(([thought, text, refusal, calls]): readonly AnswerPart[] => [
    ...(thought ? [{ type: 'thinking' as const, text: thought }] : []),
    ...(text ? [{ type: 'text' as const, text }] : []),
    ...(refusal ? [{ type: 'refusal' as const, text: refusal }] : []),
    ...calls,
  ]);

/** Blocks in any order, several of a kind beside one another. */
const anthropicParts = fc
  .tuple(
    fc.array(
      fc.oneof(
        words.map(text => ({ type: 'text' as const, text })),
        fc.record({
          type: fc.constant('thinking' as const),
          text: fc.oneof(words, fc.constant('')),
          signature: base64,
        }),
        base64.map(data => ({ type: 'redactedThinking' as const, data })),
      ),
      { maxLength: 4 },
    ),
    toolCalls,
    fc.boolean(),
  )
  .map(([said, calls, callsFirst]): readonly AnswerPart[] =>
    callsFirst ? [...calls, ...said] : [...said, ...calls],
  );

const sharedReasons = [
  'stop',
  'maxOutputTokens',
  'toolCalls',
  'refusal',
] as const;

const openAiFinishes: fc.Arbitrary<Finish> = fc.record({
  reason: fc.constantFrom(...sharedReasons),
});

const anthropicFinishes: fc.Arbitrary<Finish> = fc.oneof(
  openAiFinishes,
  words.map(stopSequence => ({
    reason: 'stopSequence' as const,
    stopSequence,
  })),
  words.map(explanation => ({ reason: 'refusal' as const, explanation })),
  fc.record({ reason: fc.constantFrom('contextWindow', 'pause') }),
);

function choices(
  index: number,
  parts: fc.Arbitrary<readonly AnswerPart[]>,
  finishes: fc.Arbitrary<Finish>,
): fc.Arbitrary<Choice> {
  return fc.record({
    index: fc.constant(index),
    parts,
    finish: finishes,
  });
}

/** Answers as a provider of OpenAI's dialect gives them. */
export const openAiResponses: fc.Arbitrary<CanonicalResponse> = fc.record({
  id: fc.constant('chatcmpl-1'),
  model: fc.constant('a-model'),
  choices: choices(0, openAiParts, openAiFinishes).map(choice => [choice]),
  usage,
});

/** Answers as Anthropic gives them. */
export const anthropicResponses: fc.Arbitrary<CanonicalResponse> = fc.record({
  id: fc.constant('msg_1'),
  model: fc.constant('a-model'),
  choices: choices(0, anthropicParts, anthropicFinishes).map(choice => [
    choice,
  ]),
  usage,
});

/** How a stream is cut: sizes of pieces, taken in turn, and whose turn it is among calls that come mixed. */
export interface Cuts {
  readonly sizes: readonly number[];
  readonly turns: readonly number[];
}

export const cuts: fc.Arbitrary<Cuts> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), {
    minLength: 1,
    maxLength: 6,
  }),
  turns: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 20 }),
});

/** The steps of a stream of this answer, its texts cut anywhere; with `mixed`, calls that stand together come mixed. */
export function toStreamParts(
  response: CanonicalResponse,
  { sizes, turns }: Cuts,
  { mixed }: { readonly mixed: boolean },
): readonly StreamPart[] {
  let nextSize = 0;
  const pieces = (text: string): string[] => {
    const out: string[] = [];
    for (let from = 0; from < text.length;) {
      const size = sizes[nextSize % sizes.length];
      nextSize += 1;
      out.push(text.slice(from, from + size));
      from += size;
    }
    return out;
  };
  const parts: StreamPart[] = [
    { type: 'start', id: response.id, model: response.model },
  ];
  for (const { index: choice, parts: said, finish } of response.choices) {
    let queues: StreamPart[][] = [];
    let nextTurn = 0;
    let calls = 0;
    const flush = () => {
      while (queues.length > 0) {
        const turn = mixed ? turns[nextTurn % turns.length] : 0;
        nextTurn += 1;
        const queue = queues[turn % queues.length];
        const part = queue.shift();
        if (part) parts.push(part);
        queues = queues.filter(left => left.length > 0);
      }
    };
    for (const part of said) {
      if (part.type === 'toolCall') {
        const call = calls;
        calls += 1;
        const { id, name: called } = part;
        // Calls begin in their order, as they do with every provider; what comes mixed is their arguments.
        if (mixed) {
          parts.push({ type: 'toolCallStart', choice, call, id, name: called });
        }
        queues.push([
          ...(mixed
            ? []
            : [
                {
                  type: 'toolCallStart' as const,
                  choice,
                  call,
                  id,
                  name: called,
                },
              ]),
          ...pieces(part.arguments).map(args => ({
            type: 'toolCallDelta' as const,
            choice,
            call,
            arguments: args,
          })),
          ...(mixed ? [] : [{ type: 'partEnd' as const, choice }]),
        ]);
        continue;
      }
      flush();
      switch (part.type) {
        case 'redactedThinking':
          parts.push({ type: 'redactedThinking', choice, data: part.data });
          break;
        case 'thinking':
          parts.push({ type: 'thinkingDelta', choice, text: '' });
          for (const text of pieces(part.text)) {
            parts.push({ type: 'thinkingDelta', choice, text });
          }
          if (part.signature !== undefined) {
            const { signature } = part;
            parts.push({ type: 'thinkingSignature', choice, signature });
          }
          break;
        default: {
          const type = part.type === 'text' ? 'textDelta' : 'refusalDelta';
          for (const text of pieces(part.text)) {
            parts.push({ type, choice, text });
          }
        }
      }
      parts.push({ type: 'partEnd', choice });
    }
    flush();
    parts.push({ type: 'finish', choice, finish });
  }
  if (response.usage) parts.push({ type: 'usage', usage: response.usage });
  parts.push({ type: 'end' });
  return parts;
}
