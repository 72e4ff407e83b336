import type { Fault } from '../faults/kinds';
import type { Knobs } from '../knobs';
import type { SimulatedModel } from '../models';
import { answerTo, type Answer, type AnswerForm } from '../text/answer';
import { giantAnswer } from '../text/giant';
import { gistOf, type PromptGist } from '../text/prompt';
import { countPromptTokens } from './promptTokens';
import type { ChatMessage, ChatRequest } from './validate';

/** What will be answered, before it is put into bytes. */
export interface ChatPlan {
  readonly answers: readonly Answer[];
  readonly usage: Usage;
}

/** True counts; a fault may tell the client others. */
export interface Usage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Reasoning included, as OpenAI counts. */
  readonly completionTokens: number;
  readonly reasoningTokens: number;
}

/** Decides the answers to a request; the same arguments always give the same plan. */
export function planChat(
  request: ChatRequest,
  {
    model,
    knobs,
    fault,
  }: {
    readonly model: SimulatedModel;
    readonly knobs: Knobs;
    readonly fault: Fault | undefined;
  },
): ChatPlan {
  const gist = gistOf(
    request.messages.map(message => ({
      role: message.role,
      text: textOf(message),
    })),
  );
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Infinity;
  const wanted = knobs.completionTokens;

  // An exact count leaves at least half to the text, so that there is an answer to see.
  const reasoningTokens = Math.min(
    knobs.reasoningTokens ?? naturalReasoning(model, gist),
    limit,
    wanted === undefined ? Infinity : Math.floor(wanted / 2),
  );
  const common = {
    gist,
    form: formOf(request),
    maxTokens: limit - reasoningTokens,
    exactTokens: wanted === undefined ? undefined : wanted - reasoningTokens,
    stop: stopOf(request),
  };
  const answers = Array.from({ length: request.n ?? 1 }, (_, index) =>
    fault?.kind === 'giant'
      ? giantAnswer(fault.parameters.size)
      : answerTo({ ...common, variant: (request.seed ?? 0) + index }),
  );

  const promptTokens = countPromptTokens(request);
  return {
    answers,
    usage: {
      promptTokens,
      cachedTokens: Math.min(knobs.cachedTokens ?? 0, promptTokens),
      completionTokens: answers.reduce(
        (sum, answer) => sum + answer.tokens,
        reasoningTokens,
      ),
      reasoningTokens,
    },
  };
}

function naturalReasoning(
  { reasoningTokens }: SimulatedModel,
  gist: PromptGist,
): number {
  if (!reasoningTokens) return 0;
  const [least, most] = reasoningTokens;
  return least + (gist.hash % (most - least + 1));
}

function formOf({
  tools,
  tool_choice: choice,
  response_format: format,
}: ChatRequest): AnswerForm {
  if (tools && choice && choice !== 'auto' && choice !== 'none') {
    const named =
      typeof choice === 'object'
        ? choice.function.name
        : tools[0].function.name;
    const tool =
      tools.find(candidate => candidate.function.name === named) ?? tools[0];
    return {
      type: 'tool-call',
      name: tool.function.name,
      schema: tool.function.parameters ?? {},
    };
  }
  if (format?.type === 'json_object') return { type: 'json' };
  if (format?.type === 'json_schema')
    return { type: 'json', schema: format.json_schema.schema };
  return { type: 'prose' };
}

function stopOf({ stop }: ChatRequest): readonly string[] {
  const sequences = typeof stop === 'string' ? [stop] : (stop ?? []);
  return sequences.filter(sequence => sequence.length > 0);
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map(part => part.text ?? '').join(' ');
}
