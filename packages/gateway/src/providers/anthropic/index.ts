import {
  anthropicMessages,
  anthropicTarget,
  openAiChat,
  type AnthropicTarget,
} from '../../dialects';
import type { ClientRequest } from '../../endpoints';
import { refuse } from '../../errors/registry';
import { mapError } from '../mapError';
import { passThrough, type AnswerReading } from '../passThrough';
import { remembered } from '../remembered';
import type {
  Prepared,
  ProviderKind,
  RawHeaders,
  UpstreamTarget,
} from '../spec';
import { translate } from '../translate';
import { generatedIn, readCount, readWhole } from './response';
import { AnthropicStreamReader } from './stream';

const VERSION = '2023-06-01';
const DEFAULT_MAX_TOKENS = 4_096;
const NO_HEADERS = {};

const createStreamReader = () => new AnthropicStreamReader();
const MESSAGES: AnswerReading = { readWhole, generatedIn, createStreamReader };
const COUNTS: AnswerReading = {
  readWhole: readCount,
  generatedIn: () => 0,
  createStreamReader,
};

const baseOf = remembered(baseUrl =>
  new URL(baseUrl).pathname.replace(/(?:\/v1)?\/*$/, ''),
);

/** Anthropic. The base URL is its origin, or goes up to and including the version. */
export const anthropic: ProviderKind = {
  telemetryName: 'anthropic',
  prepare,
  mapError,
  probe: target => ({
    path: pathOf('/models', target),
    headers: headersOf(target),
  }),
};

function prepare(request: ClientRequest, target: UpstreamTarget): Prepared {
  switch (request.endpoint) {
    case 'messages':
      return {
        kind: 'call',
        call: passThrough(request, {
          path: pathOf('/messages', target),
          headers: headersOf(target, request.headers),
          upstreamModel: target.upstreamModel,
          answers: MESSAGES,
        }),
      };
    case 'count_tokens':
      return {
        kind: 'call',
        call: passThrough(request, {
          path: pathOf('/messages/count_tokens', target),
          headers: headersOf(target, request.headers),
          upstreamModel: target.upstreamModel,
          answers: COUNTS,
        }),
      };
    case 'chat.completions':
      return translate(request, target, {
        client: openAiChat,
        provider: anthropicMessages,
        dialectTarget: dialectTarget(target),
        generatedIn,
        path: pathOf('/messages', target),
        headers: headersOf(target),
      });
    case 'completions':
    case 'embeddings':
      return {
        kind: 'refused',
        refusal: refuse('unsupported_endpoint', {
          param: 'model',
          model: request.model,
          endpoint: `/v1/${request.endpoint}`,
        }),
      };
    default: {
      const impossible: never = request.endpoint;
      throw new TypeError(`Unknown endpoint: ${impossible}`);
    }
  }
}

function pathOf(path: string, { baseUrl }: UpstreamTarget): string {
  return `${baseOf(baseUrl)}/v1${path}`;
}

function headersOf(
  { credential, requestId }: UpstreamTarget,
  clientHeaders: Readonly<Record<string, string>> = NO_HEADERS,
): RawHeaders {
  const headers = [
    'x-request-id',
    requestId,
    'anthropic-version',
    clientHeaders['anthropic-version'] ?? VERSION,
  ];
  for (const name of Object.keys(clientHeaders)) {
    if (name !== 'anthropic-version') headers.push(name, clientHeaders[name]);
  }
  if (credential?.kind === 'key') headers.push('x-api-key', credential.secret);
  if (credential?.kind === 'token') {
    headers.push('authorization', `Bearer ${credential.token}`);
  }
  return headers;
}

function dialectTarget({
  upstreamModel,
  settings,
}: UpstreamTarget): AnthropicTarget {
  const { thinking, sampling, structuredOutput, systemMessages, imageUrls } =
    settings;
  return anthropicTarget(upstreamModel, {
    defaultMaxTokens: settings.defaultMaxTokens ?? DEFAULT_MAX_TOKENS,
    ...(thinking !== undefined && { thinking }),
    ...(sampling !== undefined && { sampling }),
    ...(structuredOutput !== undefined && { structuredOutput }),
    ...(systemMessages !== undefined && { systemMessages }),
    ...(imageUrls !== undefined && { imageUrls }),
  });
}
