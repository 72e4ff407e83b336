import type { ClientRequest } from '../endpoints';
import { splice, type Edit } from '../wire/splice';
import type {
  RawHeaders,
  StreamReader,
  UpstreamCall,
  WholeAnswer,
} from './spec';

/**
 * The client's request with the name that the provider gives the model, and not a byte more but what else is asked for here; its answer
 * is the client's as it comes.
 */
export function passThrough(
  request: ClientRequest,
  options: {
    readonly path: string;
    readonly headers: RawHeaders;
    readonly upstreamModel: string;
    readonly edits?: readonly Edit[];
    readonly readWhole: (body: Buffer) => WholeAnswer;
    readonly generatedIn: (part: Buffer) => number;
    readonly createStreamReader: () => StreamReader;
  },
): UpstreamCall {
  const { path, headers, readWhole, generatedIn, createStreamReader } = options;
  return {
    request: {
      path,
      headers: callHeaders(request.stream, headers),
      body: splice(request.bytes, editsOf(request, options)),
    },
    readWhole,
    generatedIn,
    createStreamReader,
  };
}

const WHOLE: RawHeaders = [
  'content-type',
  'application/json',
  'accept',
  'application/json',
  'user-agent',
  'ai-gateway',
];
const STREAMED: RawHeaders = WHOLE.with(3, 'text/event-stream');

/** Headers of every call, and more. */
export function callHeaders(stream: boolean, more: RawHeaders): RawHeaders {
  return (stream ? STREAMED : WHOLE).concat(more);
}

function editsOf(
  request: ClientRequest,
  options: {
    readonly upstreamModel: string;
    readonly edits?: readonly Edit[];
  },
): readonly Edit[] {
  const model = modelEdit(request, options.upstreamModel);
  return options.edits ? [model, ...options.edits] : [model];
}

function modelEdit({ object }: ClientRequest, upstreamModel: string): Edit {
  const model = object.members.get('model');
  // A request without a model has been refused.
  if (!model) throw new TypeError('A request has a model');
  return {
    start: model.start,
    end: model.end,
    with: JSON.stringify(upstreamModel),
  };
}
