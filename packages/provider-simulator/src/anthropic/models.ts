import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler, Simulator } from '../dialect';
import { sendJson } from '../http/respond';
import { admit } from './admit';
import { errorReply, requestIdOf } from './errors';

const CREATED_AT = '2025-01-01T00:00:00Z';
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;

/** `GET /v1/models` of a client that names an Anthropic version. */
export const listModels: Handler = (req, res, simulator) => {
  const id = begin(req, res, simulator);
  if (id === undefined) return;
  const query = new URLSearchParams((req.url ?? '').split('?', 2)[1] ?? '');
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    const { status, body } = errorReply(
      400,
      `limit: Input should be between 1 and ${MAX_LIMIT}`,
      id,
    );
    sendJson(res, status, body);
    return;
  }
  const ids = simulator.catalogue.listed.map(model => model.id);
  const after = query.get('after_id');
  const before = query.get('before_id');
  const rest = ids.slice(
    after === null ? 0 : ids.indexOf(after) + 1,
    before === null ? undefined : Math.max(0, ids.indexOf(before)),
  );
  // Going backwards, a page is the end of what lies before.
  const page = before === null ? rest.slice(0, limit) : rest.slice(-limit);
  sendJson(
    res,
    200,
    JSON.stringify({
      data: page.map(modelBody),
      has_more: page.length < rest.length,
      first_id: page[0] ?? null,
      last_id: page[page.length - 1] ?? null,
    }),
  );
};

/** `GET /v1/models/{id}` of such a client. */
export function retrieveModel(model: string): Handler {
  return (req, res, simulator) => {
    const id = begin(req, res, simulator);
    if (id === undefined) return;
    if (simulator.catalogue.isListed(model)) {
      sendJson(res, 200, JSON.stringify(modelBody(model)));
      return;
    }
    const { status, body } = errorReply(404, `model: ${model}`, id);
    sendJson(res, status, body);
  };
}

/** The id of the request, or undefined when it may not go on and has been answered. */
function begin(
  req: IncomingMessage,
  res: ServerResponse,
  simulator: Simulator,
): string | undefined {
  const id = `models_${simulator.newId()}`;
  res.setHeader('request-id', requestIdOf(id));
  const barred = admit(req, simulator, id);
  if (!barred) return id;
  sendJson(res, barred.status, barred.body);
  return undefined;
}

function modelBody(id: string) {
  return { type: 'model', id, display_name: id, created_at: CREATED_AT };
}
