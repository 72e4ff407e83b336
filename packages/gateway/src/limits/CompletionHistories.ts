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

/** How long completions were, of all prompts and of prompts of each size. */
class Habit {
  /** Whether it was looked at since it was last spared. */
  isInUse = false;
  #all: CompletionHistory | null = null;
  readonly #bySize: (CompletionHistory | null)[] = [];

  observe(promptTokens: number, completionTokens: number): void {
    const size = sizeOf(promptTokens);
    while (this.#bySize.length <= size) this.#bySize.push(null);
    this.#bySize[size] = observe(this.#bySize[size], completionTokens);
    this.#all = observe(this.#all, completionTokens);
  }

  /** `null`: not known well enough. */
  expectOfSize(promptTokens: number): number | null {
    this.isInUse = true;
    return wellKnown(this.#bySize[sizeOf(promptTokens)]);
  }

  expectOfAny(): number | null {
    this.isInUse = true;
    return wellKnown(this.#all);
  }
}

/** How long the completions of a key with a model were; to be held on to by who asks often. */
export class CompletionHabits {
  readonly #ofKey: Habit;
  readonly #ofModel: Habit;

  constructor(ofKey: Habit, ofModel: Habit) {
    this.#ofKey = ofKey;
    this.#ofModel = ofModel;
  }

  observe(promptTokens: number, completionTokens: number): void {
    this.#ofKey.observe(promptTokens, completionTokens);
    this.#ofModel.observe(promptTokens, completionTokens);
  }

  /** From the nearest habit that is known well enough: of the key with such prompts, of the key, of all with the model. */
  expect(promptTokens: number): number {
    return (
      this.#ofKey.expectOfSize(promptTokens) ??
      this.#ofKey.expectOfAny() ??
      this.#ofModel.expectOfAny() ??
      UNKNOWN_COMPLETION_TOKENS
    );
  }
}

/**
 * How long completions were, by key and model, and among those by the size of the prompt: a key that asks for summaries of long texts and for
 * titles of short ones has two habits. Bounded: what has not been looked at for long goes.
 *
 * In the memory of one gateway, for it is a guess, and each learns it within a few requests.
 */
export class CompletionHistories {
  readonly #limit: number;
  readonly #habits = new Map<string, Habit>();

  constructor(limit: number = MAX_HISTORIES) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#habits.size;
  }

  of(keyId: string, modelId: string): CompletionHabits {
    const ofModel = this.#habitOf(JSON.stringify([modelId]));
    const ofKey = this.#habitOf(JSON.stringify([modelId, keyId]));
    return new CompletionHabits(ofKey, ofModel);
  }

  observe(
    keyId: string,
    modelId: string,
    promptTokens: number,
    completionTokens: number,
  ): void {
    this.of(keyId, modelId).observe(promptTokens, completionTokens);
  }

  expect(keyId: string, modelId: string, promptTokens: number): number {
    return this.of(keyId, modelId).expect(promptTokens);
  }

  #habitOf(name: string): Habit {
    const known = this.#habits.get(name);
    if (known) return known;
    const habit = new Habit();
    this.#habits.set(name, habit);
    if (this.#habits.size > this.#limit) this.#dropOne();
    return habit;
  }

  /** The oldest that is not in use; those that are become the newest, so that it is somebody's turn in the end (second chance). */
  #dropOne(): void {
    for (const [name, habit] of this.#habits) {
      this.#habits.delete(name);
      if (!habit.isInUse) return;
      habit.isInUse = false;
      this.#habits.set(name, habit);
    }
  }
}

function wellKnown(history: CompletionHistory | null | undefined) {
  return history && history.samples >= ENOUGH_SAMPLES
    ? expectedOf(history)
    : null;
}

/** Prompts are of one size when they have as many digits in base four. */
function sizeOf(promptTokens: number): number {
  return (33 - Math.clz32(Math.min(promptTokens, 2 ** 32 - 1))) >> 1;
}
