import fc from 'fast-check';
import { assembleResponse } from './canonical/assembleResponse';
import type { CanonicalResponse } from './canonical/response';
import {
  anthropicMessages,
  anthropicTarget,
  openAiChat,
  openAiCompatibleTarget,
} from './index';
import {
  anthropicRequests,
  openAiRequests,
  withoutNames,
} from './__testUtils__/requests';
import {
  anthropicResponses,
  cuts,
  openAiResponses,
  toStreamParts,
} from './__testUtils__/responses';
import { decode, readAll, writeAll } from './__testUtils__/streams';

const openAiAble = openAiCompatibleTarget('a-model', { reasoning: true });
const anthropicAble = anthropicTarget('a-model', {
  defaultMaxTokens: 4_096,
  systemMessages: true,
});
const identity = { id: '1', model: 'a-model', created: 1_700_000_000 };
const streamOptions = {
  identity,
  includeUsage: true,
  estimatedInputTokens: 7,
};

/** As it comes over the wire. */
const overTheWire = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body));

describe.each([
  {
    dialect: openAiChat.id,
    requests: openAiRequests,
    write: (request: Parameters<typeof openAiChat.writeRequest>[0]) =>
      openAiChat.writeRequest(request, openAiAble),
    read: openAiChat.readRequest,
  },
  {
    dialect: anthropicMessages.id,
    requests: anthropicRequests,
    write: (request: Parameters<typeof anthropicMessages.writeRequest>[0]) =>
      anthropicMessages.writeRequest(request, anthropicAble),
    read: anthropicMessages.readRequest,
  },
])('a request in $dialect', ({ requests, write, read }) => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(requests, request => {
        const written = write(request);
        if (!written.ok) throw new Error(JSON.stringify(written.refusal));
        const back = read(overTheWire(written.value));
        if (!back.ok) throw new Error(JSON.stringify(back.refusal));
        expect(withoutNames(back.value)).toEqual(withoutNames(request));
      }),
    );
  });
});

describe.each([
  { dialect: openAiChat, responses: openAiResponses, mixed: true },
  { dialect: anthropicMessages, responses: anthropicResponses, mixed: false },
])('an answer in $dialect.id', ({ dialect, responses, mixed }) => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(responses, response => {
        const body = dialect.writeResponse(response, identity);
        const read = dialect.readResponse(overTheWire(body));
        if (read.kind !== 'response') throw new Error(JSON.stringify(read));
        expect(read.response.choices).toEqual(asWritten(response, dialect.id));
        expect(read.response.usage).toEqual(response.usage);
      }),
    );
  });

  it('is the same after it was streamed, wherever it was cut', () => {
    fc.assert(
      fc.property(responses, cuts, (response, cut) => {
        const parts = toStreamParts(response, cut, { mixed });
        const events = decode(
          writeAll(dialect.createStreamWriter(streamOptions), parts),
          cut.sizes,
        );
        const assembled = assembleResponse(
          readAll(dialect.createStreamReader(), events),
        );
        if (assembled.kind !== 'response') {
          throw new Error(JSON.stringify(assembled));
        }
        expect(assembled.response.choices).toEqual(
          asWritten(response, dialect.id),
        );
        expect(assembled.response.usage).toEqual(response.usage);
      }),
    );
  });
});

/** Anthropic's clients know by the reason that there are calls to be made, whatever the provider gave as the reason. */
function asWritten(
  response: CanonicalResponse,
  dialect: string,
): CanonicalResponse['choices'] {
  if (dialect !== anthropicMessages.id) return response.choices;
  return response.choices.map(choice => ({
    ...choice,
    finish:
      choice.finish.reason === 'stop' &&
      choice.parts.some(part => part.type === 'toolCall')
        ? { reason: 'toolCalls' }
        : choice.finish,
  }));
}
