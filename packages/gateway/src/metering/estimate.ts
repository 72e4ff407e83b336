/**
 * Tokens guessed from bytes, for where the provider tells none: a request whose gateway died, a client that hung up, a provider that
 * reports no usage. Such figures are marked as estimated wherever they are shown.
 *
 * Four bytes of UTF-8 a token is what English text and JSON come to with the tokenizers in use; other scripts take more bytes a
 * character and come to about the same. An image is counted as one of 1024 × 1024 pixels is by OpenAI, whatever its bytes.
 */
export const BYTES_PER_TOKEN = 4;
export const TOKENS_PER_IMAGE = 765;

/** Tokens of so many bytes of text. */
export function estimateTokens(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

const EMBEDDED = Buffer.from('"data:');
const QUOTE = Buffer.from('"');

/** Tokens of a request's `messages`, as JSON. */
export function estimateInputTokens(messages: Buffer): number {
  let text = messages.length;
  let images = 0;
  let at = messages.indexOf(EMBEDDED);
  while (at >= 0) {
    const end = messages.indexOf(QUOTE, at + EMBEDDED.length);
    if (end < 0) break;
    text -= end - at;
    images += 1;
    at = messages.indexOf(EMBEDDED, end);
  }
  return estimateTokens(text) + images * TOKENS_PER_IMAGE;
}
