import type { Handler } from '../dialect';
import { sendJson } from '../http/respond';
import { authorize } from './authorize';
import { errorBody, modelNotFound } from './errors';

/** The day the simulator's models are said to have been made: 2025-01-01. */
const CREATED = 1_735_689_600;

export const listModels: Handler = (req, res, simulator) => {
  if (!authorize(req, res, simulator)) return;
  const data = simulator.catalogue.listed.map(({ id }) => modelBody(id));
  sendJson(res, 200, JSON.stringify({ object: 'list', data }));
};

export function retrieveModel(id: string): Handler {
  return (req, res, simulator) => {
    if (!authorize(req, res, simulator)) return;
    if (simulator.catalogue.isListed(id))
      sendJson(res, 200, JSON.stringify(modelBody(id)));
    else sendJson(res, 404, errorBody(modelNotFound(id)));
  };
}

/** A model as OpenAI lists it. */
export function modelBody(id: string) {
  return {
    id,
    object: 'model',
    created: CREATED,
    owned_by: 'provider-simulator',
  };
}
