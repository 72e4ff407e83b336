import { createHash } from 'node:crypto';

/** As long as the longest embedding anyone may ask for. */
export const MAX_DIMENSIONS = 3_072;

/**
 * A vector of length 1 that follows from the text: the same text has the same, another text one at about a right
 * angle. A shorter one is the beginning of a longer one, scaled, as with OpenAI's own. Numbers are single precision.
 */
export function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  let squares = 0;
  let seed = createHash('sha256').update(text).digest();
  for (let at = 0; at < dimensions; at += 1) {
    const offset = (at % 8) * 4;
    if (at > 0 && offset === 0)
      seed = createHash('sha256').update(seed).digest();
    const value = seed.readInt32LE(offset) / 2 ** 31;
    vector[at] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  return vector.map(value => value / length);
}
