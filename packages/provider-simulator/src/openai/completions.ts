import { z } from 'zod';
import type { Operation } from '../generation/operation';
import { COMMON } from './common';
import { invalidRequest } from './errors';
import { errorOfIssue } from './issues';
import { stopSequences } from './plan';
import { replyOf } from './tell';
import { textCompletionBody, textCompletionEvents } from './textCompletion';
import { planTextCompletion } from './textPlan';
import { countedTexts, textInput, type CountedText } from './tokenInput';

/** What the API gives when it is not told. */
const DEFAULT_MAX_TOKENS = 16;
const MAX_CHOICES = 2_048;

const completionRequest = z.looseObject({
  model: z.string().min(1),
  prompt: textInput,
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().optional() })
    .nullish(),
  max_tokens: z.int().min(0).nullish(),
  n: z.int().min(1).max(128).nullish(),
  best_of: z.int().min(1).max(20).nullish(),
  echo: z.boolean().nullish(),
  suffix: z.string().nullish(),
  logprobs: z.int().min(0).max(5).nullish(),
  seed: z.int().nullish(),
  stop: z
    .union([z.string(), z.array(z.string()).max(4)], {
      error: 'expected a string or an array of at most 4 strings',
    })
    .nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
});

/** A request for text completions of which every field we use has been checked. */
export interface TextCompletionAsked {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly prompts: readonly CountedText[];
  readonly maxTokens: number;
  /** Choices per prompt. */
  readonly choices: number;
  readonly echo: boolean;
  readonly topLogprobs: number | undefined;
  readonly seed: number;
  readonly stop: readonly string[];
}

/** `POST /v1/completions`. */
export const completions: Operation<TextCompletionAsked> = {
  ...COMMON,
  idPrefix: 'cmpl-',
  parse: body => {
    const refuse = (message: string, param: string | null) => ({
      ok: false as const,
      error: replyOf(invalidRequest(message, { param })),
    });
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      return refuse('The body of the request must be a JSON object.', null);
    const parsed = completionRequest.safeParse(body);
    if (!parsed.success)
      return {
        ok: false,
        error: replyOf(errorOfIssue(parsed.error.issues[0])),
      };
    const { data } = parsed;
    const prompts = countedTexts(data.prompt);
    if (!prompts) return refuse("Invalid 'prompt': not a token.", 'prompt');
    const choices = data.n ?? 1;
    if (prompts.length * choices > MAX_CHOICES)
      return refuse(
        `Too many choices: at most ${MAX_CHOICES} over all prompts.`,
        'prompt',
      );
    if (data.stream_options && !data.stream)
      return refuse(
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        'stream_options',
      );
    if ((data.best_of ?? choices) < choices)
      return refuse("'best_of' must not be less than 'n'.", 'best_of');
    if (data.stream && (data.best_of ?? choices) > choices)
      return refuse("Results of 'best_of' cannot be streamed.", 'best_of');
    return {
      ok: true,
      request: {
        model: data.model,
        stream: data.stream ?? false,
        includeUsage: data.stream_options?.include_usage ?? false,
        prompts,
        maxTokens: data.max_tokens ?? DEFAULT_MAX_TOKENS,
        choices,
        echo: data.echo ?? false,
        topLogprobs: data.logprobs ?? undefined,
        seed: data.seed ?? 0,
        stop: stopSequences(data.stop),
      },
    };
  },
  generate: (request, { id, knobs, fault, tokensPerChunk, simulator }) => {
    const plan = planTextCompletion(request, { knobs, fault });
    const head = {
      id,
      created: simulator.unixTime(),
      model: request.model,
      echo: request.echo,
      topLogprobs: request.topLogprobs,
    };
    return {
      usage: plan.usage,
      body: () => textCompletionBody(head, plan, fault),
      events: () =>
        textCompletionEvents(head, plan, {
          includeUsage: request.includeUsage,
          tokensPerChunk,
          fault,
        }),
    };
  },
};
