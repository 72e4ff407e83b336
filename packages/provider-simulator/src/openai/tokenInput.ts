import { z } from 'zod';
import { countTokens, textOfTokens } from '../text/tokens';

const tokenIds = z.array(z.int().min(0)).min(1);

/** A text, several, a text as tokens, or several of these: `prompt` and `input`. */
export const textInput = z.union(
  [z.string(), z.array(z.string()).min(1), tokenIds, z.array(tokenIds).min(1)],
  {
    error:
      'expected a string, an array of strings, an array of tokens or an array of arrays of tokens',
  },
);

export type TextInput = z.infer<typeof textInput>;

export interface CountedText {
  readonly text: string;
  readonly tokens: number;
}

/** The texts of an input with their tokens; undefined where a number is no token of `o200k_base`. */
export function countedTexts(input: TextInput): CountedText[] | undefined {
  if (typeof input === 'string') return [counted(input)];
  const texts: CountedText[] = [];
  for (const item of isTokens(input) ? [input] : input) {
    if (typeof item === 'string') {
      texts.push(counted(item));
      continue;
    }
    const text = textOfTokens(item);
    if (text === undefined) return undefined;
    // What is sent as tokens is paid by the token, whatever its text would come to.
    texts.push({ text, tokens: item.length });
  }
  return texts;
}

function isTokens(input: Exclude<TextInput, string>): input is number[] {
  return typeof input[0] === 'number';
}

function counted(text: string): CountedText {
  return { text, tokens: countTokens(text) };
}
