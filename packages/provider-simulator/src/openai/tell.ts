import type { ErrorReply, Problem } from '../generation/operation';
import {
  errorBody,
  errorOfStatus,
  invalidRequest,
  modelNotFound,
  type OpenAiError,
} from './errors';

/** A problem in OpenAI's words. */
export function errorOf(problem: Problem): OpenAiError {
  switch (problem.type) {
    case 'too-large':
      return invalidRequest('The request body is too large.', { status: 413 });
    case 'not-json':
      return invalidRequest(
        'We could not parse the JSON body of your request.',
      );
    case 'header':
      return invalidRequest(problem.reason, { param: problem.header });
    case 'unknown-fault':
      return invalidRequest(problem.reason, {
        param: problem.param,
        code: 'unknown_fault',
      });
    case 'unknown-model':
      return modelNotFound(problem.model);
    case 'status':
      return errorOfStatus(problem.status);
    default:
      throw new TypeError(
        `unknown problem: ${JSON.stringify(problem satisfies never)}`,
      );
  }
}

export function replyOf(error: OpenAiError): ErrorReply {
  return { status: error.status, body: errorBody(error) };
}
