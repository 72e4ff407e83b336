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

/** What a page of a PDF comes to, as Anthropic says: text and picture together. */
const TOKENS_PER_PDF_PAGE = 2_000;
/** Base64 by which a page of a PDF is told, about. */
const BASE64_PER_PDF_PAGE = 65_000;

const QUOTE = 0x22;
const COLON = 0x3a;
/** What both ways to embed bytes begin with: OpenAI's within a URL, and Anthropic's as a member of their own. */
const DATA = Buffer.from('"data');
const DATA_URL_OF_PDF = Buffer.from('"data:application/pdf');
/** What every PDF begins with, in base64. */
const PDF = Buffer.from('"JVBERi');
/** Shorter ones are counted as the text that they may be. */
const MIN_EMBEDDED_BYTES = 256;

/** A part of a text, by its bytes. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * Tokens of what a model is to read, in any dialect. Images and documents count as such, whatever their bytes.
 *
 * @param parts - what of the JSON that is: whole values
 */
export function estimateInputTokens(
  json: Buffer,
  parts: readonly Part[],
): number {
  let text = 0;
  let embedded = 0;
  for (const part of parts) {
    text += part.end - part.start;
    let found = nextEmbedded(json, part.start, part.end);
    while (found) {
      const { start, end } = found;
      text -= end - start;
      embedded +=
        isAt(json, start, PDF) || isAt(json, start, DATA_URL_OF_PDF)
          ? TOKENS_PER_PDF_PAGE * Math.ceil((end - start) / BASE64_PER_PDF_PAGE)
          : TOKENS_PER_IMAGE;
      found = nextEmbedded(json, end + 1, part.end);
    }
  }
  return estimateTokens(text) + embedded;
}

/** Where bytes are embedded next, from their opening quote to their closing one; `null`: nowhere up to an end. */
function nextEmbedded(json: Buffer, from: number, to: number): Part | null {
  let at = json.indexOf(DATA, from);
  while (at >= 0 && at < to) {
    const isUrl = json[at + DATA.length] === COLON;
    const start = isUrl ? at : valueOfMember(json, at);
    let next = at + 1;
    if (start >= 0) {
      const end = json.indexOf(QUOTE, start + 1);
      if (end < 0) return null;
      if (isUrl || end - start >= MIN_EMBEDDED_BYTES) return { start, end };
      next = end + 1;
    }
    at = json.indexOf(DATA, next);
  }
  return null;
}

/** Where the string begins that is the value of a member named `data`; negative when it is none. */
function valueOfMember(json: Buffer, nameStart: number): number {
  let at = nameStart + DATA.length;
  if (json[at] !== QUOTE) return -1;
  at += 1;
  while (json[at] === COLON || json[at] <= 0x20) at += 1;
  return json[at] === QUOTE ? at : -1;
}

function isAt(json: Buffer, at: number, text: Buffer): boolean {
  return json.compare(text, 0, text.length, at, at + text.length) === 0;
}
