import type { ClientRequest } from '../endpoints';
import { splice, type Edit } from '../wire/splice';
import { remembered } from './remembered';
import type {
  RawHeaders,
  StreamReader,
  UpstreamCall,
  UpstreamRequest,
  WholeAnswer,
} from './spec';

/** How a provider answers, at one of its endpoints. */
export interface AnswerReading {
  readWhole(body: Buffer): WholeAnswer;
  generatedIn(part: Buffer): number;
  createStreamReader(asked: ClientRequest): StreamReader;
}

class PassThroughCall implements UpstreamCall {
  readonly request: UpstreamRequest;
  readonly #asked: ClientRequest;
  readonly #answers: AnswerReading;

  constructor(
    asked: ClientRequest,
    answers: AnswerReading,
    request: UpstreamRequest,
  ) {
    this.#asked = asked;
    this.#answers = answers;
    this.request = request;
  }

  readWhole(body: Buffer): WholeAnswer {
    return this.#answers.readWhole(body);
  }

  generatedIn(part: Buffer): number {
    return this.#answers.generatedIn(part);
  }

  createStreamReader(): StreamReader {
    return this.#answers.createStreamReader(this.#asked);
  }
}

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
    readonly answers: AnswerReading;
  },
): UpstreamCall {
  return new PassThroughCall(request, options.answers, {
    path: options.path,
    headers: callHeaders(request.stream, options.headers),
    body: splice(request.bytes, editsOf(request, options)),
  });
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

const asJson = remembered(name => JSON.stringify(name));

function modelEdit({ object }: ClientRequest, upstreamModel: string): Edit {
  const model = object.members.get('model');
  // A request without a model has been refused.
  if (!model) throw new TypeError('A request has a model');
  return {
    start: model.start,
    end: model.end,
    with: asJson(upstreamModel),
  };
}
