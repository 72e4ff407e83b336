import type { Asked, Operation } from '../generation/operation';
import { admit } from './authorize';
import { STREAM_ERROR_EVENT } from './errors';
import { errorOf, replyOf } from './tell';

type Common = 'errorEvent' | 'malformedEvent' | 'headers' | 'admit' | 'tell';

/** What OpenAI's endpoints have in common. */
export const COMMON: Pick<Operation<Asked>, Common> = {
  errorEvent: STREAM_ERROR_EVENT,
  malformedEvent: 'data: {"id":"chatcmpl-0","choices":[{"delta":{"con\n\n',
  headers: id => ({ 'x-request-id': id }),
  admit,
  tell: problem => replyOf(errorOf(problem)),
};
