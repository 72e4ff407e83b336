import {
  expectedOf,
  observe,
  type CompletionHistory,
} from './completionHistory';

/** Until there is anything to go by: a few paragraphs. */
export const UNKNOWN_COMPLETION_TOKENS = 500;

/** Fewer say nothing. */
const ENOUGH_SAMPLES = 5;

const MAX_HISTORIES = 20_000;

/**
 * How long completions were, by key and model, and among those by the size of the prompt: a key that asks for summaries of long texts and for
 * titles of short ones has two habits. Bounded: what was looked at longest ago goes.
 *
 * In the memory of one gateway, for it is a guess, and each learns it within a few requests.
 */
export class CompletionHistories {
  readonly #limit: number;
  readonly #histories = new Map<string, CompletionHistory>();

  constructor(limit: number = MAX_HISTORIES) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#histories.size;
  }

  observe(
    keyId: string,
    modelId: string,
    promptTokens: number,
    completionTokens: number,
  ): void {
    for (const name of namesOf(keyId, modelId, promptTokens)) {
      this.#put(
        name,
        observe(this.#histories.get(name) ?? null, completionTokens),
      );
    }
  }

  /** From the nearest habit that is known well enough: of the key with such prompts, of the key, of all with the model. */
  expect(keyId: string, modelId: string, promptTokens: number): number {
    for (const name of namesOf(keyId, modelId, promptTokens)) {
      const history = this.#histories.get(name);
      if (history && history.samples >= ENOUGH_SAMPLES) {
        this.#put(name, history);
        return expectedOf(history);
      }
    }
    return UNKNOWN_COMPLETION_TOKENS;
  }

  #put(name: string, history: CompletionHistory): void {
    this.#histories.delete(name);
    this.#histories.set(name, history);
    if (this.#histories.size <= this.#limit) return;
    for (const oldest of this.#histories.keys()) {
      this.#histories.delete(oldest);
      return;
    }
  }
}

/** Prompts are of one size when they have as many digits in base four. */
function namesOf(
  keyId: string,
  modelId: string,
  promptTokens: number,
): readonly string[] {
  const size = promptTokens.toString(4).length;
  return [
    JSON.stringify([modelId, keyId, size]),
    JSON.stringify([modelId, keyId]),
    JSON.stringify([modelId]),
  ];
}
