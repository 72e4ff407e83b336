import type { JsonObject } from '../canonical/json';
import type {
  CanonicalRequest,
  Effort,
  ThinkingMode,
} from '../canonical/request';
import type { Problems } from '../refusal';
import type { AnthropicTarget } from './target';

/** Tokens of thinking that an effort stands for, with models that are given a number. */
const BUDGET_BY_EFFORT: Readonly<Record<Effort, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};
const MIN_BUDGET = 1_024;

/** What a request comes to of `thinking` and `output_config.effort`. */
export interface WrittenThinking {
  readonly thinking?: JsonObject;
  readonly effort?: Exclude<Effort, 'minimal'>;
}

/**
 * Writes how much the model is to think.
 *
 * - Models that decide for themselves are given the effort as it is; there is no `minimal`, which becomes `low`.
 * - Models that are given a number get one for the effort, cut to leave room for an answer within `max_tokens`. In the middle of a loop of
 *   tools they require the thinking that came with the call; a client that has not sent it back is answered without thinking, which is
 *   what Anthropic makes of it as well.
 * - A model that does not think refuses the wish, by name.
 */
export function writeThinking(
  request: CanonicalRequest,
  target: AnthropicTarget,
  problems: Problems,
): WrittenThinking {
  const { thinking, effort } = request.options;
  if (!thinking && !effort) return {};
  const adaptiveEffort = effort === 'minimal' ? 'low' : effort;
  switch (target.thinking) {
    case 'none':
      if (thinking?.type !== 'off') {
        problems.unsupportedOption(
          request,
          thinking ? 'thinking' : 'effort',
          'asks for thinking, which this model does not do',
        );
      }
      return {};
    case 'adaptive':
      return {
        ...(thinking && { thinking: writeMode(thinking) }),
        ...(adaptiveEffort && { effort: adaptiveEffort }),
      };
    case 'budget': {
      if (!thinking) return {};
      if (thinking.type === 'off') return { thinking: { type: 'disabled' } };
      if (isAmidUnthoughtTools(request)) return {};
      const tokens =
        thinking.type === 'budget'
          ? thinking.tokens
          : cutBudget(
              BUDGET_BY_EFFORT[effort ?? 'medium'],
              request,
              target,
              problems,
            );
      const { display } = thinking;
      return { thinking: writeMode({ type: 'budget', tokens, display }) };
    }
    default: {
      const impossible: never = target.thinking;
      throw new TypeError(`Unknown way of thinking: ${impossible}`);
    }
  }
}

function writeMode(mode: ThinkingMode): JsonObject {
  switch (mode.type) {
    case 'off':
      return { type: 'disabled' };
    case 'adaptive':
      return {
        type: 'adaptive',
        ...(mode.display && { display: mode.display }),
      };
    case 'budget':
      return {
        type: 'enabled',
        budget_tokens: mode.tokens,
        ...(mode.display && { display: mode.display }),
      };
    default: {
      const impossible: never = mode;
      throw new TypeError(`Unknown thinking: ${JSON.stringify(impossible)}`);
    }
  }
}

/** At most half of what may be generated is for thinking. */
function cutBudget(
  wanted: number,
  request: CanonicalRequest,
  target: AnthropicTarget,
  problems: Problems,
): number {
  const limit = request.options.maxOutputTokens ?? target.defaultMaxTokens;
  const room = Math.floor(limit / 2);
  if (room < MIN_BUDGET) {
    problems.unsupportedOption(
      request,
      'effort',
      `asks for thinking, for which this model needs ${MIN_BUDGET} tokens of at least ${2 * MIN_BUDGET} to generate`,
    );
  }
  return Math.max(MIN_BUDGET, Math.min(wanted, room));
}

function isAmidUnthoughtTools({ messages }: CanonicalRequest): boolean {
  if (messages.at(-1)?.role !== 'tool') return false;
  const calling = messages.findLast(message => message.role === 'assistant');
  const first = calling?.parts[0]?.type;
  return first !== 'thinking' && first !== 'redactedThinking';
}
