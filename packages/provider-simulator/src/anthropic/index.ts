import type { Dialect, Handler } from '../dialect';
import { handlerOf } from '../generation/handle';
import { decodeSegment } from '../http/segment';
import { countTokens } from './countTokens';
import { messages } from './messages';
import { listModels, retrieveModel } from './models';

const MODELS = '/v1/models';

const POST_ROUTES: Readonly<Record<string, Handler>> = {
  '/v1/messages': handlerOf(messages),
  '/v1/messages/count_tokens': handlerOf(countTokens),
};

/** Anthropic's API, as far as it is simulated. It shares the paths of models with OpenAI's. */
export const anthropic: Dialect = {
  route(method, path, headers) {
    if (method === 'POST') return POST_ROUTES[path];
    if (method !== 'GET' || headers['anthropic-version'] === undefined)
      return undefined;
    if (path === MODELS) return listModels;
    if (path.startsWith(`${MODELS}/`))
      return retrieveModel(decodeSegment(path.slice(MODELS.length + 1)));
    return undefined;
  },
};
