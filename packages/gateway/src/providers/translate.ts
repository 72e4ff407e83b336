import type {
  AnswerPart,
  CanonicalResponse,
  Dialect,
  ResponseIdentity,
} from '../dialects';
import type { ClientRequest } from '../endpoints';
import { estimatedUsage } from './estimatedUsage';
import { callHeaders } from './passThrough';
import { refusalOfDialect, refusalOfError } from './refusalOfDialect';
import type { Prepared, RawHeaders, UpstreamTarget, WholeAnswer } from './spec';
import { TranslatingStreamReader } from './TranslatingStreamReader';

/** Who speaks what, and where the provider is. */
export interface Translation<Target> {
  readonly client: Dialect<never>;
  readonly provider: Dialect<Target>;
  /** What this model can do. */
  readonly dialectTarget: Target;
  /** Bytes of what is generated in a piece of the provider's JSON. */
  readonly generatedIn: (part: Buffer) => number;
  readonly path: string;
  readonly headers: RawHeaders;
}

/** Asks a provider in its own dialect for what the client asked for in another; what has no translation is refused by name. */
export function translate<Target>(
  request: ClientRequest,
  target: UpstreamTarget,
  translation: Translation<Target>,
): Prepared {
  const { client, provider, dialectTarget, path, headers, generatedIn } =
    translation;
  // The scan has made sure that it can be parsed.
  const read = client.readRequest(JSON.parse(request.bytes.toString()));
  if (!read.ok) {
    return { kind: 'refused', refusal: refusalOfDialect(read.refusal) };
  }
  const written = provider.writeRequest(read.value, dialectTarget);
  if (!written.ok) {
    return { kind: 'refused', refusal: refusalOfDialect(written.refusal) };
  }
  const identity: ResponseIdentity = {
    id: target.requestId,
    model: request.model,
    created: Math.floor(target.receivedAt / 1_000),
  };
  return {
    kind: 'call',
    call: {
      request: {
        path,
        headers: callHeaders(request.stream, headers),
        body: Buffer.from(JSON.stringify(written.value)),
      },
      readWhole: body => readWhole(body, request, translation, identity),
      generatedIn,
      createStreamReader: () =>
        new TranslatingStreamReader({
          reader: provider.createStreamReader(),
          writer: client.createStreamWriter({
            identity,
            includeUsage: request.includeUsage,
            estimatedInputTokens: request.estimatedInputTokens,
          }),
          estimatedInputTokens: request.estimatedInputTokens,
        }),
    },
  };
}

function readWhole<Target>(
  body: Buffer,
  request: ClientRequest,
  { client, provider }: Translation<Target>,
  identity: ResponseIdentity,
): WholeAnswer {
  const read = provider.readResponse(parse(body));
  if (read.kind === 'invalid') return read;
  if (read.kind === 'error') {
    return { kind: 'error', refusal: refusalOfError(read.error) };
  }
  const generatedBytes = bytesSaid(read.response);
  const { usage } = read.response;
  const shown: CanonicalResponse = {
    ...read.response,
    usage:
      usage ?? estimatedUsage(request.estimatedInputTokens, generatedBytes),
  };
  return {
    kind: 'completion',
    body: Buffer.from(JSON.stringify(client.writeResponse(shown, identity))),
    usage: usage ? { kind: 'reported', tokens: usage } : { kind: 'absent' },
    generatedBytes,
  };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function bytesSaid({ choices }: CanonicalResponse): number {
  return choices
    .flatMap(({ parts }) => parts)
    .reduce((sum, part) => sum + Buffer.byteLength(wordsOf(part)), 0);
}

function wordsOf(part: AnswerPart): string {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'thinking':
      return part.text;
    case 'toolCall':
      return part.name + part.arguments;
    case 'redactedThinking':
      return part.data;
    default: {
      const impossible: never = part;
      throw new TypeError(`Unknown part: ${JSON.stringify(impossible)}`);
    }
  }
}
