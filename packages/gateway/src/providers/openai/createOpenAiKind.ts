import {
  anthropicMessages,
  openAiChat,
  openAiCompatibleTarget,
  openAiTarget,
  type OpenAiChatTarget,
} from '../../dialects';
import { estimatedCount } from '../estimatedCount';
import { passThrough, type AnswerReading } from '../passThrough';
import type { ProviderKind, RawHeaders, UpstreamTarget } from '../spec';
import { translate } from '../translate';
import {
  choicesOf,
  isOpenAiEndpoint,
  OPENAI_PATHS,
  usageEdit,
  type OpenAiEndpoint,
} from './request';
import { generatedIn, readWhole } from './response';
import { OpenAiStreamReader } from './stream';

/** Where to send a request, and as whom. */
export interface OpenAiAddress {
  readonly path: string;
  readonly headers: RawHeaders;
}

const ANSWERS: Readonly<Record<OpenAiEndpoint, AnswerReading>> = {
  'chat.completions': answersAt('chat.completions'),
  completions: answersAt('completions'),
  embeddings: answersAt('embeddings'),
};

function answersAt(endpoint: OpenAiEndpoint): AnswerReading {
  return {
    readWhole: body => readWhole(body, endpoint),
    generatedIn: part => generatedIn(part, endpoint),
    createStreamReader: asked =>
      new OpenAiStreamReader({
        hideUsage: !asked.includeUsage,
        choices: choicesOf(asked),
      }),
  };
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
      const { path, headers } = kind.address(OPENAI_PATHS[endpoint], target);
      const call = passThrough(request, {
        path,
        headers,
        upstreamModel: target.upstreamModel,
        edits: request.stream ? [usageEdit(request)] : undefined,
        answers: ANSWERS[endpoint],
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
