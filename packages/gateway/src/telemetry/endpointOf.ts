const ENDPOINTS: ReadonlyMap<string, string> = new Map([
  ['/v1/chat/completions', 'chat.completions'],
  ['/v1/completions', 'completions'],
  ['/v1/embeddings', 'embeddings'],
  ['/v1/messages', 'messages'],
  ['/v1/messages/count_tokens', 'count_tokens'],
  ['/v1/models', 'models'],
]);

/** Paths of the operator's own tools: not traffic, never counted, traced or shed. */
const TOOLS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** The path of a request's URL, without its query. */
export function pathOf(url: string | undefined): string {
  if (url === undefined) return '/';
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** Whether a path is for whoever watches over the gateway, and not for its clients. */
export function isTool(path: string): boolean {
  return TOOLS.has(path);
}

/** The endpoint of a path, as metrics and traces name it: one of a handful, whatever is asked for. */
export function endpointOf(path: string): string {
  const known = ENDPOINTS.get(path);
  if (known) return known;
  return path.startsWith('/v1/models/') ? 'models' : 'other';
}
