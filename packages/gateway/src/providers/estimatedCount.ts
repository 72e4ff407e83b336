import {
  estimateInput,
  readCountTokensRequest,
  writeTokenCount,
} from '../dialects';
import type { ClientRequest } from '../endpoints';
import { refusalOfDialect } from './refusalOfDialect';
import type { Prepared } from './spec';

/** Says that a count is none. */
export const COUNT_HEADER = 'x-token-count';

/** A count of tokens for a model whose provider does not count: an estimate, which says so. */
export function estimatedCount(request: ClientRequest): Prepared {
  const read = readCountTokensRequest(JSON.parse(request.bytes.toString()));
  if (!read.ok) {
    return { kind: 'refused', refusal: refusalOfDialect(read.refusal) };
  }
  const count = writeTokenCount(estimateInput(read.value));
  return {
    kind: 'answered',
    answer: {
      kind: 'completion',
      body: Buffer.from(JSON.stringify(count)),
      headers: { [COUNT_HEADER]: 'estimated' },
      usage: { kind: 'absent' },
      generatedBytes: 0,
    },
  };
}
