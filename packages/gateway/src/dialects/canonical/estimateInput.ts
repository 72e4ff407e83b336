import { estimateTokens, TOKENS_PER_IMAGE } from '../../metering/estimate';
import type {
  AssistantPart,
  CanonicalMessage,
  CanonicalRequest,
  ImagePart,
  UserPart,
} from './request';

/** Counts the input tokens of a request: by estimate, or by asking a provider that can count. */
export type InputTokenEstimator = (request: CanonicalRequest) => number;

/** Bytes by which a page of a PDF is told, about. */
const BYTES_PER_PDF_PAGE = 50_000;
const TOKENS_PER_PDF_PAGE = 2_000;
/** What the frame of a message, a tool or a call comes to. */
const FRAME_BYTES = 16;

/**
 * Input tokens of a request, estimated from its bytes. An estimate and not a count: only the model's own tokenizer knows, and it is
 * usually right within a quarter for prose and worse for code, images and scripts other than Latin.
 */
export const estimateInput: InputTokenEstimator = request => {
  let bytes = 0;
  let tokens = 0;
  const text = (value: string | undefined) => {
    if (value !== undefined) bytes += Buffer.byteLength(value);
  };
  const part = (one: UserPart | ImagePart | AssistantPart) => {
    switch (one.type) {
      case 'text':
      case 'refusal':
      case 'thinking':
        text(one.text);
        break;
      case 'redactedThinking':
        text(one.data);
        break;
      case 'toolCall':
        text(one.name);
        text(one.arguments);
        bytes += FRAME_BYTES;
        break;
      case 'image':
        tokens += TOKENS_PER_IMAGE;
        break;
      case 'document':
        tokens +=
          TOKENS_PER_PDF_PAGE *
          Math.ceil((one.data.length * 3) / 4 / BYTES_PER_PDF_PAGE);
        break;
      default: {
        const impossible: never = one;
        throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
      }
    }
  };
  const message = (one: CanonicalMessage) => {
    bytes += FRAME_BYTES;
    if (one.role !== 'tool') {
      one.parts.forEach(part);
      return;
    }
    for (const result of one.results) result.parts.forEach(part);
  };

  request.messages.forEach(message);
  for (const tool of request.tools) {
    bytes += FRAME_BYTES;
    text(tool.name);
    text(tool.description);
    text(JSON.stringify(tool.parameters ?? {}));
  }
  const format = request.options.responseFormat;
  if (format?.type === 'jsonSchema') text(JSON.stringify(format.schema));
  return tokens + estimateTokens(bytes);
};
