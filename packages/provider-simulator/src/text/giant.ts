import type { Answer } from './answer';

/** One token at the start of a text and one token after a space, so the count needs no tokenizer. */
const FIRST = 'word';
const FURTHER = ' word';

/** An answer of about `size` bytes in a single piece, its tokens counted truly. */
export function giantAnswer(size: number): Answer {
  const further = Math.max(
    0,
    Math.round((size - FIRST.length) / FURTHER.length),
  );
  const text = FIRST + FURTHER.repeat(further);
  const tokens = 1 + further;
  return {
    pieces: [{ text, json: text, tokens }],
    text,
    tokens,
    end: 'natural',
  };
}
