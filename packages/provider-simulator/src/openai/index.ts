import type { Dialect } from '../dialect';
import { createChatCompletion } from './chatCompletions';
import { listModels, retrieveModel } from './models';

const MODELS = '/v1/models';

/** OpenAI's API, as far as it is simulated. */
export const openai: Dialect = {
  route(method, path) {
    if (method === 'POST' && path === '/v1/chat/completions')
      return createChatCompletion;
    if (method !== 'GET') return undefined;
    if (path === MODELS) return listModels;
    if (path.startsWith(`${MODELS}/`))
      return retrieveModel(decode(path.slice(MODELS.length + 1)));
    return undefined;
  },
};

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray % is not an escape: no model is called so, and the 404 shows it as it came.
    return segment;
  }
}
