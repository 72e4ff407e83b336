/**
 * Translation between the dialects of clients and those of providers. Pure: no sockets, clocks or files; ids and times come in.
 *
 * A dialect is a folder: it reads and writes requests, answers, streams and errors, to and from the canonical form. A pair of dialects is
 * never named, so that a new one is one folder and not one file per other.
 *
 * How a request whose client speaks one dialect and whose provider another is served:
 *
 * 1. `client.readRequest(body)`, with the parsed body (its depth and its doubled names have been checked by the scan), gives the canonical
 *    request, or a {@link DialectRefusal} in the words of the error registry: code, field as the client wrote it, details of the message.
 * 2. `provider.writeRequest(request, target)` gives the body for the provider, or a refusal that names the client's field still. The
 *    target says what this provider and model can do; it comes from the deployment. A deployment that refuses may be passed over for
 *    another that does not.
 * 3. Not streamed: `provider.readResponse(parsed)`, then `client.writeResponse(response, identity)`. The `usage` of the response is in the
 *    classes of the ledger; when it is absent, put the estimate that is billed into it before writing.
 * 4. Streamed: one `provider.createStreamReader()` and one `client.createStreamWriter(options)` per attempt. Each decoded event goes
 *    through `reader.read`, each part through `writer.write`, the events through `encodeEvents` to the client; when the upstream ends,
 *    `reader.end()` likewise. Parts of type `usage` are for metering too. An `error` part before any part that says something
 *    ({@link saysSomething}) may be answered by a fallback. Settle when the `end` part comes, before its events go out: they are the ones
 *    by which a client knows that all is well. A failure of the gateway's own goes to the client as an `error` part.
 * 5. An answer that is no success: `provider.readError(status, parsed)` says what it says. What of it a client may see is the error
 *    registry's to decide, as in pass-through; `client.writeError` gives the client's form to what it may.
 *
 * When client and provider speak the same dialect nothing of this is called: bytes pass as they came.
 */
export { readUsage as readOpenAiUsage } from './openaiChat/usage';
export { readErrorObject as readOpenAiError } from './openaiChat/errors';
export { readErrorObject as readAnthropicError } from './anthropicMessages/errors';
export {
  readUsage as readAnthropicUsage,
  UsageReport as AnthropicUsageReport,
} from './anthropicMessages/usage';
export type { AnswerPart } from './canonical/content';
export type { CanonicalError, ErrorKind } from './canonical/error';
export { errorKindOfStatus } from './canonical/error';
export { assembleResponse } from './canonical/assembleResponse';
export {
  estimateInput,
  type InputTokenEstimator,
} from './canonical/estimateInput';
export type { CanonicalRequest } from './canonical/request';
export type {
  CanonicalResponse,
  ReadResponse,
  ResponseIdentity,
} from './canonical/response';
export { saysSomething } from './canonical/saysSomething';
export {
  encodeEvents,
  type IncomingEvent,
  type OutgoingEvent,
  type StreamPart,
} from './canonical/streamPart';
export type { CanonicalUsage } from './canonical/usage';
export type {
  Dialect,
  ErrorAnswer,
  StreamReader,
  StreamWriter,
  StreamWriterOptions,
} from './Dialect';
export type { DialectRefusal, Translated } from './refusal';
export { IGNORED_FEATURES, IGNORED_MEMBERS } from './ignored';
export {
  openAiChat,
  openAiCompatibleTarget,
  openAiTarget,
  type OpenAiChatTarget,
} from './openaiChat';
export {
  anthropicMessages,
  anthropicTarget,
  readCountTokensRequest,
  writeTokenCount,
  type AnthropicTarget,
} from './anthropicMessages';
