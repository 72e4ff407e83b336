import { hashText } from '../text/prompt';
import { tokenTexts, type Piece, type TokenText } from '../text/tokens';

/** Tokens that might have been said instead, for `top_logprobs`. */
const ALTERNATIVES: readonly string[] =
  ' the, a, and, to, of, in, that, is, for, with, as, on, it, this, be, by, at, or, from, an, which'.split(
    ',',
  );

export interface TokenLogprob extends TokenText {
  readonly logprob: number;
  /** The likeliest tokens of the place, the one that was said first. */
  readonly top: readonly (TokenText & { readonly logprob: number })[];
}

/** Log probabilities of the tokens of some text: invented, but the same for the same text, and plausible. */
export function tokenLogprobs(
  pieces: readonly Pick<Piece, 'text' | 'tokens'>[],
  top: number,
): TokenLogprob[] {
  return pieces.flatMap(tokenTexts).map(said => {
    // Between 0.7 and 0.999: the token that was said is the likeliest.
    const probability = 0.999 - (hashText(said.text) % 300) / 1_000;
    const logprob = rounded(Math.log(probability));
    const others = ALTERNATIVES.filter(text => text !== said.text)
      .slice(0, Math.max(0, top - 1))
      .map((text, index) => ({
        text,
        bytes: [...Buffer.from(text)],
        // Each has half of what is left, so that all together stay below 1.
        logprob: rounded(Math.log((1 - probability) / 2 ** (index + 1))),
      }));
    return {
      ...said,
      logprob,
      top: top === 0 ? [] : [{ ...said, logprob }, ...others],
    };
  });
}

/** Log probabilities as a chat completion has them. */
export function chatLogprobs(
  pieces: readonly Pick<Piece, 'text' | 'tokens'>[],
  top: number,
): object {
  const entry = ({
    text,
    bytes,
    logprob,
  }: TokenText & { readonly logprob: number }) => ({
    token: text,
    logprob,
    bytes,
  });
  return {
    content: tokenLogprobs(pieces, top).map(token => ({
      ...entry(token),
      top_logprobs: token.top.map(entry),
    })),
    refusal: null,
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
