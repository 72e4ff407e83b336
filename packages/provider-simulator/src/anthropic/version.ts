import type { IncomingHttpHeaders } from 'node:http';
import type { MessagesRequest, Prompt } from './schema';

/** The versions of the API that a client may name in `anthropic-version`. */
const VERSIONS = ['2023-06-01', '2026-10-21'] as const;

export type Version = (typeof VERSIONS)[number];

export function isVersion(named: unknown): named is Version {
  return VERSIONS.some(version => version === named);
}

/** The version of a request that has been admitted. */
export function versionOf(headers: IncomingHttpHeaders): Version {
  const named = headers['anthropic-version'];
  return isVersion(named) ? named : '2023-06-01';
}

/** What the version named no longer accepts; undefined where nothing of it is in the request. */
export function problemOfVersion(
  version: Version,
  request: Prompt | MessagesRequest,
): string | undefined {
  if (version === '2023-06-01') return undefined;
  // Even their default values are refused.
  const removed = ['temperature', 'top_p', 'top_k'].find(
    field => Reflect.get(request, field) !== undefined,
  );
  if (removed !== undefined)
    return `${removed}: Extra inputs are not permitted`;
  for (const [index, { role, content }] of request.messages.entries()) {
    if (typeof content === 'string') continue;
    for (const [at, block] of content.entries()) {
      const path = `messages.${index}.content.${at}`;
      if (role === 'assistant' && block.type === 'document')
        return `${path}: \`document\` blocks are not permitted in \`assistant\` messages`;
      if (
        role === 'user' &&
        block.type === 'text' &&
        Array.isArray(block.citations) &&
        block.citations.length > 0
      )
        return `${path}.text.citations: Citations are not permitted in \`user\` messages`;
    }
  }
  return undefined;
}
