import { Router, type Response } from 'express';
import { refuse } from '../errors/registry';
import { authenticate } from '../pipeline/authenticate';
import type { Gateway } from '../pipeline/Gateway';
import { mayCall, modelNotFound } from '../pipeline/route';
import type { KeyRecord } from '../keys/KeyRecord';
import { findModel, type ServedModel } from '../snapshot/Snapshot';
import { exchangeOf } from './exchangeOf';
import { sendRefusal } from './sendRefusal';

/** `GET /v1/models` and `/v1/models/{id}`: what this key may call, as OpenAI lists it, or as Anthropic does for its own clients. */
export function models(gateway: Gateway): Router {
  const router = Router();

  router.get('/v1/models', async (_req, res) => {
    const key = await keyOf(res, gateway);
    if (!key) return;
    const { snapshot } = gateway.configuration;
    const data = [...(snapshot?.models.values() ?? [])]
      .filter(model => isOffered(model, key, gateway))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    res.json(
      exchangeOf(res).errors === 'openai'
        ? { object: 'list', data: data.map(toOpenAi) }
        : {
            data: data.map(toAnthropic),
            has_more: false,
            first_id: data[0]?.id ?? null,
            last_id: data[data.length - 1]?.id ?? null,
          },
    );
  });

  router.get('/v1/models/:model', async (req, res) => {
    const key = await keyOf(res, gateway);
    if (!key) return;
    const { model: id } = req.params;
    const { snapshot } = gateway.configuration;
    const model = snapshot && findModel(snapshot, id);
    if (!model || !isOffered(model, key, gateway)) {
      sendRefusal(exchangeOf(res), modelNotFound(id.slice(0, 255)));
      return;
    }
    const { errors } = exchangeOf(res);
    res.json(errors === 'openai' ? toOpenAi(model) : toAnthropic(model));
  });

  return router;
}

/** Whether a key may call a model, as far as is known without a request. */
function isOffered(
  model: ServedModel,
  key: KeyRecord,
  { admissions, configuration }: Gateway,
): boolean {
  const { snapshot } = configuration;
  return (
    snapshot !== null &&
    mayCall(key, model) &&
    admissions.allowsModel({ key, snapshot }, model.id)
  );
}

/** Whose request it is; otherwise it has been answered. */
async function keyOf(
  res: Response,
  gateway: Gateway,
): Promise<KeyRecord | undefined> {
  const exchange = exchangeOf(res);
  const step = gateway.configuration.snapshot
    ? await authenticate({ exchange }, gateway)
    : ({ kind: 'refused', refusal: refuse('not_ready', {}, 2) } as const);
  if (step.kind === 'next') return step.value.key;
  if (step.kind === 'refused') sendRefusal(exchange, step.refusal);
  return undefined;
}

function toOpenAi(model: ServedModel) {
  return {
    id: model.id,
    object: 'model',
    created: Math.floor(model.createdAt / 1_000),
    owned_by: model.ownerRef,
  };
}

function toAnthropic(model: ServedModel) {
  return {
    type: 'model',
    id: model.id,
    display_name: model.id,
    created_at: new Date(model.createdAt).toISOString(),
  };
}
