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

const QUOTE = Buffer.from('"');
/** OpenAI's way to embed bytes: within a URL. */
const DATA_URL = Buffer.from('"data:');
const DATA_URL_OF_PDF = Buffer.from('"data:application/pdf');
/** Anthropic's: as a member of their own. */
const DATA_MEMBER = Buffer.from('"data"');
/** What every PDF begins with, in base64. */
const PDF = Buffer.from('"JVBERi');
/** Shorter ones are counted as the text that they may be. */
const MIN_EMBEDDED_BYTES = 256;

/** Tokens of what a model is to read, as JSON, in any dialect. Images and documents count as such, whatever their bytes. */
export function estimateInputTokens(json: readonly Buffer[]): number {
  let text = 0;
  let embedded = 0;
  for (const part of json) {
    text += part.length;
    for (const { start, end } of embeddedIn(part)) {
      text -= end - start;
      embedded +=
        isAt(part, start, PDF) || isAt(part, start, DATA_URL_OF_PDF)
          ? TOKENS_PER_PDF_PAGE * Math.ceil((end - start) / BASE64_PER_PDF_PAGE)
          : TOKENS_PER_IMAGE;
    }
  }
  return estimateTokens(text) + embedded;
}

/** Where bytes are embedded, from their opening quote to their closing one. */
function* embeddedIn(json: Buffer): Generator<{ start: number; end: number }> {
  let url = json.indexOf(DATA_URL);
  let member = json.indexOf(DATA_MEMBER);
  while (url >= 0 || member >= 0) {
    const isUrl = url >= 0 && (member < 0 || url < member);
    const start = isUrl ? url : valueAfter(json, member + DATA_MEMBER.length);
    let next = (isUrl ? url : member) + 1;
    if (start >= 0) {
      const end = json.indexOf(QUOTE, start + 1);
      if (end < 0) return;
      next = end + 1;
      if (isUrl || end - start >= MIN_EMBEDDED_BYTES) yield { start, end };
    }
    if (url >= 0 && url < next) url = json.indexOf(DATA_URL, next);
    if (member >= 0 && member < next) member = json.indexOf(DATA_MEMBER, next);
  }
}

/** Where the string begins that is the value of a name which ends here; negative when it is none. */
function valueAfter(json: Buffer, nameEnd: number): number {
  let at = nameEnd;
  while (json[at] === 0x3a || json[at] <= 0x20) at += 1;
  return json[at] === QUOTE[0] ? at : -1;
}

function isAt(json: Buffer, at: number, text: Buffer): boolean {
  return json.compare(text, 0, text.length, at, at + text.length) === 0;
}
