import type { IncomingHttpHeaders } from 'node:http';
import { ENDPOINTS } from '../endpoints';
import type { ErrorShape } from '../errors/shapes';

const BY_PATH: ReadonlyMap<string, ErrorShape> = new Map(
  ENDPOINTS.map(({ path, errors }) => [path, errors]),
);

/**
 * In whose words to tell a client that something is wrong, before it is known what it wants: by the path, or else by a header that only
 * Anthropic's clients send.
 */
export function errorShapeOf(
  url: string,
  headers: IncomingHttpHeaders,
): ErrorShape {
  const known = BY_PATH.get(url.split('?', 1)[0]);
  if (known) return known;
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}
