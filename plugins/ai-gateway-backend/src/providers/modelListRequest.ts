import type { TestProvider } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** Where a provider lists its models, and how it is told whose account it is. */
export function modelListRequest(
  { kind, baseUrl }: Pick<TestProvider, 'kind' | 'baseUrl'>,
  secret: string | null,
): {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  const accept = { accept: 'application/json' };
  switch (kind) {
    case 'anthropic': {
      const base = baseUrl.replace(/(?:\/v1)?\/*$/, '');
      return {
        url: `${base}/v1/models?limit=1000`,
        headers: {
          ...accept,
          'anthropic-version': '2023-06-01',
          ...(secret !== null && { 'x-api-key': secret }),
        },
      };
    }
    case 'azure-openai': {
      const base = baseUrl.replace(/(?:\/openai(?:\/v1)?)?\/*$/, '');
      return {
        url: `${base}/openai/v1/models`,
        headers: { ...accept, ...(secret !== null && { 'api-key': secret }) },
      };
    }
    case 'openai':
    case 'vllm':
    case 'openai-compatible':
      return {
        url: `${baseUrl.replace(/\/+$/, '')}/models`,
        headers: {
          ...accept,
          ...(secret !== null && { authorization: `Bearer ${secret}` }),
        },
      };
    default: {
      const impossible: never = kind;
      throw new TypeError(`Unknown kind: ${impossible}`);
    }
  }
}
