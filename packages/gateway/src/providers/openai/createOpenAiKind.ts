import {
  anthropicMessages,
  openAiChat,
  openAiCompatibleTarget,
  openAiTarget,
  type OpenAiChatTarget,
} from '../../dialects';
import { estimatedCount } from '../estimatedCount';
import { passThrough } from '../passThrough';
import type { ProviderKind, RawHeaders, UpstreamTarget } from '../spec';
import { translate } from '../translate';
import {
  choicesOf,
  isOpenAiEndpoint,
  OPENAI_PATHS,
  usageEdit,
} from './request';
import { generatedIn, readWhole } from './response';
import { OpenAiStreamReader } from './stream';

/** Where to send a request, and as whom. */
export interface OpenAiAddress {
  readonly path: string;
  readonly headers: RawHeaders;
}

/**
 * How those who speak OpenAI's dialect are asked; they differ in where they are and how they are told whose account it is.
 *
 * @param address - where a path of OpenAI's, such as `/embeddings`, is with this kind of provider
 */
export function createOpenAiKind(kind: {
  readonly address: (path: string, target: UpstreamTarget) => OpenAiAddress;
  readonly flavour: 'openai' | 'compatible';
}): ProviderKind['prepare'] {
  return (request, target) => {
    const { endpoint } = request;
    if (isOpenAiEndpoint(endpoint)) {
      const at = kind.address(OPENAI_PATHS[endpoint], target);
      const call = passThrough(request, {
        ...at,
        upstreamModel: target.upstreamModel,
        edits: request.stream ? [usageEdit(request)] : undefined,
        readWhole: body => readWhole(body, endpoint),
        generatedIn: part => generatedIn(part, endpoint),
        createStreamReader: () =>
          new OpenAiStreamReader({
            hideUsage: !request.includeUsage,
            choices: choicesOf(request),
          }),
      });
      return { kind: 'call', call };
    }
    if (endpoint === 'count_tokens') return estimatedCount(request);
    return translate(request, target, {
      client: anthropicMessages,
      provider: openAiChat,
      dialectTarget: dialectTarget(kind.flavour, target),
      generatedIn: part => generatedIn(part, 'chat.completions'),
      ...kind.address(OPENAI_PATHS['chat.completions'], target),
    });
  };
}

function dialectTarget(
  flavour: 'openai' | 'compatible',
  { upstreamModel, settings }: UpstreamTarget,
): OpenAiChatTarget {
  const reasoning =
    settings.thinking !== undefined && settings.thinking !== 'none';
  return flavour === 'openai'
    ? openAiTarget(upstreamModel, { reasoning })
    : openAiCompatibleTarget(upstreamModel, { reasoning });
}
