import { ChunkScanner } from '../ChunkScanner';

/** What is looked for in chunks and completions: members of a message or a delta that hold what a model generated, and what else matters. */
const NAMES = {
  texts: [
    'content',
    'reasoning_content',
    'reasoning',
    'refusal',
    'arguments',
    // Of completions that are no chat.
    'text',
  ],
  marks: ['usage', 'error', 'finish_reason', 'tool_calls'],
};

/** Marks that {@link chunkScanner} finds. */
export const USAGE = 1;
export const ERROR = 2;
export const FINISH = 4;
export const TOOL_CALLS = 8;

/** Shared: a scan is over before anyone else begins one. */
export const chunkScanner = new ChunkScanner(NAMES);

/** Bytes of generated text in a chunk or a completion, or in a piece of one, for estimates. */
export function generatedTextBytes(json: Buffer): number {
  chunkScanner.scan(json);
  return chunkScanner.textBytes;
}
