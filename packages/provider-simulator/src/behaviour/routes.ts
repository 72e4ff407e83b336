import type { Handler } from '../dialect';
import { readBody } from '../http/body';
import { sendJson } from '../http/respond';
import { parseBehaviour } from './behaviour';

const MAX_BODY_BYTES = 64 * 1024;

/** `GET /__sim/behaviour`. */
export const listBehaviours: Handler = (_req, res, { behaviours }) =>
  sendJson(res, 200, JSON.stringify({ behaviours: behaviours.list() }));

/** `POST /__sim/behaviour`. */
export const setBehaviour: Handler = async (req, res, simulator) => {
  const read = await readBody(req, MAX_BODY_BYTES);
  if (read.type === 'aborted') return;
  const parsed =
    read.type === 'body'
      ? parseBehaviour(jsonOf(read.bytes))
      : { ok: false as const, reason: 'body: too large' };
  if (!parsed.ok) {
    sendJson(
      res,
      400,
      JSON.stringify({ error: { message: parsed.reason } }),
      read.type === 'too-large' ? { connection: 'close' } : {},
    );
    return;
  }
  try {
    simulator.behaviours.set(parsed.checked);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    sendJson(res, 400, JSON.stringify({ error: { message: error.message } }));
    return;
  }
  listBehaviours(req, res, simulator);
};

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
