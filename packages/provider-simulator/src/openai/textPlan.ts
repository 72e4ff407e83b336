import type { Fault } from '../faults/kinds';
import type { Usage } from '../generation/operation';
import type { Knobs } from '../knobs';
import { answerTo, type Answer } from '../text/answer';
import { giantAnswer } from '../text/giant';
import { gistOf } from '../text/prompt';
import type { TextCompletionAsked } from './completions';

export interface TextChoice {
  readonly prompt: string;
  readonly answer: Answer;
}

/** What will be answered, before it is put into bytes. */
export interface TextPlan {
  /** All choices of the first prompt, then all of the second, … */
  readonly choices: readonly TextChoice[];
  readonly usage: Usage;
}

const NOTHING: Answer = { pieces: [], text: '', tokens: 0, end: 'length' };

/** Decides the completions of prompts; the same arguments always give the same plan. */
export function planTextCompletion(
  { prompts, choices: perPrompt, maxTokens, seed, stop }: TextCompletionAsked,
  {
    knobs,
    fault,
  }: { readonly knobs: Knobs; readonly fault: Fault | undefined },
): TextPlan {
  const answer = (prompt: string, variant: number): Answer => {
    if (fault?.kind === 'giant') return giantAnswer(fault.parameters.size);
    // With echo and no tokens, clients ask for nothing but the log probabilities of the prompt.
    if (maxTokens === 0) return NOTHING;
    return answerTo({
      gist: gistOf([{ role: 'user', text: prompt }]),
      variant,
      form: { type: 'prose' },
      maxTokens,
      exactTokens: knobs.completionTokens,
      stop,
    });
  };
  const choices = prompts.flatMap(({ text }) =>
    Array.from({ length: perPrompt }, (_, index) => ({
      prompt: text,
      answer: answer(text, seed + index),
    })),
  );
  const promptTokens = prompts.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    choices,
    usage: {
      promptTokens,
      cachedTokens: Math.min(knobs.cachedTokens ?? 0, promptTokens),
      completionTokens: choices.reduce(
        (sum, choice) => sum + choice.answer.tokens,
        0,
      ),
      reasoningTokens: 0,
    },
  };
}
