/** The body of an answer to `POST /v1/messages/count_tokens`. */
export function writeTokenCount(tokens: number): {
  readonly input_tokens: number;
} {
  return { input_tokens: tokens };
}
