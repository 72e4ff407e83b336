import { generateProse, naturalLength } from './generate';
import { sampleJson } from './sampleJson';
import { LruCache } from './lru';
import type { PromptGist } from './prompt';
import {
  countTokens,
  joinText,
  splitTokens,
  sumTokens,
  takeTokens,
  type Piece,
} from './tokens';

/** What the answer is to be, in no dialect's words. */
export interface AnswerRequest {
  readonly gist: PromptGist;
  /** Tells apart answers to one prompt: `seed` and the index of the choice. */
  readonly variant: number;
  readonly form: AnswerForm;
  /** The most tokens the client allows. */
  readonly maxTokens: number;
  /** Exactly this many tokens of prose. Does not apply to JSON and tool calls, whose length their shape decides. */
  readonly exactTokens?: number;
  /** The text ends before the first of these. */
  readonly stop: readonly string[];
}

export type AnswerForm =
  | { readonly type: 'prose' }
  /** A JSON object; one that follows `schema` where it is given. */
  | { readonly type: 'json'; readonly schema?: unknown }
  /** A call of the function, with arguments that follow its schema. */
  | {
      readonly type: 'tool-call';
      readonly name: string;
      readonly schema: unknown;
    };

export interface Answer {
  /** Name of the function called; undefined when the answer is text. */
  readonly tool?: string;
  /** The text, or the arguments of the call. */
  readonly pieces: readonly Piece[];
  readonly text: string;
  /** Tokens of everything sent: the text, or the name and the arguments. */
  readonly tokens: number;
  readonly end: 'natural' | 'length';
  /** The stop sequence that ended the text, where one did. */
  readonly stoppedBy?: string;
}

const answers = new LruCache<string, Answer>({
  maxEntries: 250,
  maxWeight: 200_000,
  weigh: key => key.length,
});
/** Longer answers are cheaper to make again than to keep. */
const CACHED_TOKENS = 1_000;

/** The answer to a request: the same request gives the same answer. */
export function answerTo(request: AnswerRequest): Answer {
  const key = JSON.stringify(request);
  const known = answers.get(key);
  if (known) return known;
  const answer = compose(request);
  if (answer.tokens <= CACHED_TOKENS) answers.set(key, answer);
  return answer;
}

function compose(request: AnswerRequest): Answer {
  const { form, gist } = request;
  switch (form.type) {
    case 'prose':
      return composeProse(request);
    case 'json': {
      const value =
        form.schema === undefined
          ? {
              answer: generateProse({
                ...request,
                minTokens: 30,
                quoting: true,
              }),
              topics: gist.topics,
            }
          : sampleJson(form.schema, gist);
      return cut(splitTokens(JSON.stringify(value)), request.maxTokens);
    }
    case 'tool-call': {
      const nameTokens = countTokens(form.name);
      const pieces = splitTokens(JSON.stringify(sampleJson(form.schema, gist)));
      const call = cut(pieces, Math.max(0, request.maxTokens - nameTokens));
      return { ...call, tool: form.name, tokens: call.tokens + nameTokens };
    }
    default:
      throw new TypeError(
        `unknown form of answer: ${String(form satisfies never)}`,
      );
  }
}

function composeProse(request: AnswerRequest): Answer {
  const { gist, variant, exactTokens, maxTokens, stop } = request;
  const length = exactTokens ?? naturalLength(gist, variant);
  // Nothing past the limit is needed, but a sentence more than that must exist for the limit to cut.
  const minTokens = Math.min(length, maxTokens + 1);
  const prose = (quoting: boolean) =>
    splitTokens(generateProse({ gist, variant, minTokens, quoting }));

  let pieces: readonly Piece[] = prose(true);
  if (exactTokens !== undefined) {
    const exact = Math.min(exactTokens, maxTokens + 1);
    const quoted = takeTokens(pieces, exact);
    // Where the quote's characters span several tokens the exact length may fall inside one: do without the quote.
    pieces =
      sumTokens(quoted) === exact ? quoted : takeTokens(prose(false), exact);
  }
  const text = joinText(pieces);
  const stopped = firstOf(stop, text);
  if (!stopped) return cut(pieces, maxTokens);
  const answer = cut(splitTokens(text.slice(0, stopped.position)), maxTokens);
  // What the limit cut off before the sequence was reached was not stopped by it.
  return answer.end === 'natural'
    ? { ...answer, stoppedBy: stopped.sequence }
    : answer;
}

function firstOf(
  stop: readonly string[],
  text: string,
): { readonly sequence: string; readonly position: number } | undefined {
  return stop
    .map(sequence => ({ sequence, position: text.indexOf(sequence) }))
    .filter(({ position }) => position >= 0)
    .sort((one, other) => one.position - other.position)[0];
}

function cut(pieces: readonly Piece[], maxTokens: number): Answer {
  const total = sumTokens(pieces);
  if (total <= maxTokens)
    return { pieces, text: joinText(pieces), tokens: total, end: 'natural' };
  const taken = takeTokens(pieces, maxTokens);
  return {
    pieces: taken,
    text: joinText(taken),
    tokens: sumTokens(taken),
    end: 'length',
  };
}
