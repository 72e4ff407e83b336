import type { Dialect, Handler } from '../dialect';
import { handlerOf } from '../generation/handle';
import type { Asked, Operation } from '../generation/operation';
import { decodeSegment } from '../http/segment';
import { sendJson } from '../http/respond';
import { chatCompletions } from '../openai/chatCompletions';
import { completions } from '../openai/completions';
import { embeddings } from '../openai/embeddings';
import { modelBody } from '../openai/models';
import { admitByKey, admitDeployment } from './admit';
import { RESOURCE_NOT_FOUND } from './errors';
import { onAzure } from './operation';

/** The URLs that name a deployment and a version. */
const DEPLOYMENT = /^\/openai\/deployments\/([^/]+)\/(.+)$/;
/** The newer ones, which name the deployment as `model` in the body, as OpenAI does. */
const V1 = '/openai/v1/';

const chat = chatCompletions({ contentFilters: true });

const V1_ROUTES: Readonly<Record<string, Handler>> = {
  'POST chat/completions': v1Handler(chat),
  'POST completions': v1Handler(completions),
  'POST embeddings': v1Handler(embeddings),
  'GET models': (req, res, simulator) => {
    const barred = admitByKey(req, simulator, { keyAsBearer: true });
    if (barred) sendJson(res, barred.status, barred.body);
    else {
      const data = simulator.catalogue.listed.map(({ id }) => modelBody(id));
      sendJson(res, 200, JSON.stringify({ object: 'list', data }));
    }
  },
};

/** Azure OpenAI's URLs around OpenAI's bodies. */
export const azure: Dialect = {
  route(method, path) {
    const found = DEPLOYMENT.exec(path);
    if (found && method === 'POST')
      return deploymentHandler(decodeSegment(found[1]), found[2]);
    if (path.startsWith(V1)) {
      const handler = V1_ROUTES[`${method} ${path.slice(V1.length)}`];
      if (handler) return handler;
    }
    return path.startsWith('/openai/') ? notFound : undefined;
  },
};

function deploymentHandler(deployment: string, endpoint: string): Handler {
  const at = <R extends Asked>(operation: Operation<R>) =>
    handlerOf(onAzure(operation, { deployment, admit: admitDeployment }));
  switch (endpoint) {
    case 'chat/completions':
      return at(chat);
    case 'completions':
      return at(completions);
    case 'embeddings':
      return at(embeddings);
    default:
      return notFound;
  }
}

function v1Handler<R extends Asked>(operation: Operation<R>): Handler {
  return handlerOf(
    onAzure(operation, {
      deployment: undefined,
      admit: (req, simulator) =>
        admitByKey(req, simulator, { keyAsBearer: true }),
    }),
  );
}

function notFound(...[, res]: Parameters<Handler>): void {
  sendJson(res, RESOURCE_NOT_FOUND.status, RESOURCE_NOT_FOUND.body);
}
