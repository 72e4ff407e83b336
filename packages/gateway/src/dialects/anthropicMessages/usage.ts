import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { isJsonObject, objectOf, type JsonObject } from '../canonical/json';
import { partOf, tokenCount, type CanonicalUsage } from '../canonical/usage';
import type { AnthropicDeltaUsage, AnthropicUsage } from './wire';

/**
 * What a message or a stream has told of its usage so far. A stream tells of the input in `message_start` and of the output in
 * `message_delta`, each time as a total and not as what came on top, so that a later figure takes the place of an earlier one.
 */
export class UsageReport {
  #input: number | undefined;
  #cacheRead = 0;
  #cacheWrite = 0;
  #output: number | undefined;
  #thinking = 0;

  /** Takes in a `usage` member, of whatever event. */
  add(usage: unknown): void {
    if (!isJsonObject(usage)) return;
    const count = (name: string) => tokenCount(usage[name]);
    this.#input = count('input_tokens') ?? this.#input;
    this.#output = count('output_tokens') ?? this.#output;
    this.#cacheRead = count('cache_read_input_tokens') ?? this.#cacheRead;
    this.#cacheWrite = count('cache_creation_input_tokens') ?? this.#cacheWrite;
    this.#thinking = thinkingTokens(usage) ?? this.#thinking;
  }

  /** `undefined` when it has told too little to be a usage. */
  get usage(): CanonicalUsage | undefined {
    if (this.#input === undefined || this.#output === undefined) {
      return undefined;
    }
    const reasoning = partOf(this.#output, this.#thinking);
    return {
      ...NO_TOKENS,
      input: this.#input,
      cachedInput: this.#cacheRead,
      cacheWrite: this.#cacheWrite,
      output: this.#output - reasoning,
      reasoning,
    };
  }
}

/** Reads the usage of a message that came whole. */
export function readUsage(usage: unknown): CanonicalUsage | undefined {
  const report = new UsageReport();
  report.add(usage);
  return report.usage;
}

function thinkingTokens(usage: JsonObject): number | undefined {
  const details = objectOf(usage, 'output_tokens_details');
  return details && tokenCount(details.thinking_tokens);
}

/** Writes the usage of a message. */
export function writeUsage(usage: CanonicalUsage): AnthropicUsage {
  return {
    ...writeDeltaUsage(usage),
    cache_creation: null,
    inference_geo: null,
    service_tier: null,
    speed: null,
  };
}

/** Writes the usage of a stream, as its last event but one tells it. */
export function writeDeltaUsage(usage: CanonicalUsage): AnthropicDeltaUsage {
  return {
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cachedInput,
    // Anthropic counts images with the rest of the input.
    input_tokens: usage.input + usage.audio + usage.image,
    output_tokens: usage.output + usage.reasoning,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: null,
  };
}
