import type { PromptGist } from './prompt';
import { BODY, OPENINGS, PLAIN_OPENINGS, PLAIN_TOPICS } from './sentences';
import { countTokens } from './tokens';

const SENTENCES_PER_PARAGRAPH = 4;

interface ProseRequest {
  readonly gist: PromptGist;
  /** Another answer to the same prompt: the request's `seed` and the index of the choice. */
  readonly variant: number;
  /** Whole sentences are added until there are at least this many tokens. */
  readonly minTokens: number;
  /** Whether to quote the prompt. */
  readonly quoting: boolean;
}

/**
 * Readable English prose that follows from the prompt: the same request always gives the same text.
 * No sentence comes twice until all of them have been used.
 */
export function generateProse({
  gist,
  variant,
  minTokens,
  quoting,
}: ProseRequest): string {
  const random = mulberry32(gist.hash ^ Math.imul(variant + 1, 0x9e3779b1));
  const topics = quoting && gist.topics.length > 0 ? gist.topics : PLAIN_TOPICS;
  const opening =
    quoting && gist.quote
      ? pick(OPENINGS, random).replace('{quote}', () => gist.quote)
      : pick(PLAIN_OPENINGS, random);

  let text = opening;
  let sentences = 1;
  let tokens = countTokens(opening);
  let unused: string[] = [];
  while (tokens < minTokens) {
    if (unused.length === 0) unused = shuffle(BODY, random);
    const a = Math.floor(random() * topics.length);
    const b = (a + 1) % topics.length;
    const sentence = (unused.pop() ?? '')
      .replace('{a}', () => topics[a])
      .replace('{b}', () => topics[b]);
    text +=
      (sentences % SENTENCES_PER_PARAGRAPH === 0 ? '\n\n' : ' ') + sentence;
    sentences += 1;
    tokens += countTokens(` ${sentence}`);
  }
  return text;
}

/** A length between 40 and 99 tokens, chosen by the prompt; the sentence that reaches it is finished. */
export function naturalLength(gist: PromptGist, variant: number): number {
  return 40 + (((gist.hash ^ Math.imul(variant, 0x85ebca6b)) >>> 0) % 60);
}

/** A number in [0, 1) at each call; small, fast and repeatable. Not for secrets. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)];
}

function shuffle(from: readonly string[], random: () => number): string[] {
  const shuffled = [...from];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}
