import type { IncomingMessage } from 'node:http';
import type { Simulator } from '../dialect';
import type { ErrorReply } from '../generation/operation';
import { isBearer, isSecret } from '../http/bearer';
import {
  RESOURCE_NOT_FOUND,
  VERSION_NOT_SUPPORTED,
  WRONG_KEY,
  WRONG_TOKEN,
} from './errors';

/**
 * Why the request may not go on: its key or token; undefined if it may.
 *
 * @param keyAsBearer - whether the key may come as a bearer token, as the newer URLs allow for OpenAI's clients
 */
export function admitByKey(
  req: IncomingMessage,
  { apiKey, azureToken }: Simulator,
  { keyAsBearer }: { readonly keyAsBearer: boolean },
): ErrorReply | undefined {
  if (apiKey === undefined && azureToken === undefined) return undefined;
  const { authorization } = req.headers;
  const key = req.headers['api-key'];
  if (typeof key === 'string')
    return apiKey !== undefined && isSecret(key, apiKey)
      ? undefined
      : WRONG_KEY;
  if (authorization === undefined) return WRONG_KEY;
  const accepted = [azureToken, keyAsBearer ? apiKey : undefined];
  return accepted.some(
    secret => secret !== undefined && isBearer(authorization, secret),
  )
    ? undefined
    : WRONG_TOKEN;
}

/** The same for URLs that name a deployment, which must name a version too. */
export function admitDeployment(
  req: IncomingMessage,
  simulator: Simulator,
): ErrorReply | undefined {
  const barred = admitByKey(req, simulator, { keyAsBearer: false });
  if (barred) return barred;
  const query = (req.url ?? '').split('?', 2)[1] ?? '';
  const version = new URLSearchParams(query).get('api-version');
  if (!version) return RESOURCE_NOT_FOUND;
  return /^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version)
    ? undefined
    : VERSION_NOT_SUPPORTED;
}
