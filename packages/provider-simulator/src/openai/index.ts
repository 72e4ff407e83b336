import type { Dialect, Handler } from '../dialect';
import { handlerOf } from '../generation/handle';
import { chatCompletions } from './chatCompletions';
import { completions } from './completions';
import { embeddings } from './embeddings';
import { decodeSegment } from '../http/segment';
import { listModels, retrieveModel } from './models';

const MODELS = '/v1/models';

const POST_ROUTES: Readonly<Record<string, Handler>> = {
  '/v1/chat/completions': handlerOf(chatCompletions({ contentFilters: false })),
  '/v1/completions': handlerOf(completions),
  '/v1/embeddings': handlerOf(embeddings),
};

/** OpenAI's API, as far as it is simulated. */
export const openai: Dialect = {
  route(method, path) {
    if (method === 'POST') return POST_ROUTES[path];
    if (method !== 'GET') return undefined;
    if (path === MODELS) return listModels;
    if (path.startsWith(`${MODELS}/`))
      return retrieveModel(decodeSegment(path.slice(MODELS.length + 1)));
    return undefined;
  },
};
