import { Router, type RequestHandler } from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { MetricsSettings } from '../config/TelemetrySettings';
import { refuse } from '../errors/registry';
import { exchangeOf } from './exchangeOf';
import { sendRefusal } from './sendRefusal';

/** In which `/metrics` answers: Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * `GET /metrics` on the port of the gateway, for those who may read it. For everyone else there is no such thing: what is used and what it
 * costs is not for every client to know.
 */
export function metrics(
  settings: MetricsSettings,
  read: () => Promise<string>,
): Router {
  const router = Router();
  const answer: RequestHandler = async (req, res, next) => {
    const may = mayRead(req, settings);
    if (may === 'yes') {
      res.type(METRICS_TYPE).send(await read());
    } else if (may === 'with token') {
      sendRefusal(exchangeOf(res), refuse('metrics_token_required', {}));
    } else {
      next();
    }
  };
  router.get('/metrics', answer);
  return router;
}

function mayRead(
  req: IncomingMessage,
  settings: MetricsSettings,
): 'yes' | 'no' | 'with token' {
  if (settings.listen) return 'no';
  if (settings.allowLoopback && isFromThisMachine(req)) return 'yes';
  if (settings.token === null) return 'no';
  const sent = /^Bearer +(.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  return sent !== undefined && isSame(sent, settings.token)
    ? 'yes'
    : 'with token';
}

/** Not if a proxy says that it only passes on what someone else asked. */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? '';
  return (
    /^(::ffff:)?127\.|^::1$/.test(address) &&
    headers['x-forwarded-for'] === undefined &&
    headers.forwarded === undefined
  );
}

/** In a time that does not tell how much of it is right. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
