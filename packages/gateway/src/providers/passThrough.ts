import type { ClientRequest } from '../endpoints';
import { splice, type Edit } from '../wire/splice';
import type { StreamReader, UpstreamCall, WholeAnswer } from './spec';

/**
 * The client's request with the name that the provider gives the model, and not a byte more but what else is asked for here; its answer
 * is the client's as it comes.
 */
export function passThrough(
  request: ClientRequest,
  options: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
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
      headers: { ...callHeaders(request.stream), ...headers },
      body: splice(request.bytes, [
        modelEdit(request, options.upstreamModel),
        ...(options.edits ?? []),
      ]),
    },
    readWhole,
    generatedIn,
    createStreamReader,
  };
}

/** Headers of every call. */
export function callHeaders(stream: boolean): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    accept: stream ? 'text/event-stream' : 'application/json',
    'user-agent': 'ai-gateway',
  };
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
