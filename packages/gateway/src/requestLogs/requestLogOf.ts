import type {
  RequestLog,
  UsageEvent,
  UsageOutcome,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Exchange } from '../http/exchange';
import { withoutKeys } from '../telemetry/withoutKeys';
import type { Trail } from './RequestTrail';

/** For a client that hung up before it was given a status; nginx's number, which people who read logs know. */
const CLIENT_CLOSED_REQUEST = 499;
const MAX_TEXT = 300;

/** The record of a request that is over. */
export function requestLogOf(exchange: Exchange, trail: Trail): RequestLog {
  const { req, res, facts } = exchange;
  const { key, events } = trail;
  const last = events.at(-1);
  const sums = sumsOf(events);
  const agent = req.headers['user-agent'];
  return {
    requestId: exchange.requestId,
    occurredAt: exchange.receivedAt,
    projectId: key.projectId,
    apiKeyId: key.id,
    ownerRef: key.ownerRef,
    modelId: last?.modelId ?? told(facts.model ?? ''),
    deploymentId: last?.deploymentId ?? null,
    endpoint: last?.endpoint ?? endpointOf(req.url ?? '/'),
    streamed: last?.streamed ?? facts.streamed ?? false,
    status: res.headersSent ? res.statusCode : CLIENT_CLOSED_REQUEST,
    outcome: last?.outcome ?? outcomeOf(exchange),
    errorCode: facts.errorCode ?? last?.errorCode ?? null,
    attempts: events.length,
    inputTokens: sums.inputTokens,
    outputTokens: sums.outputTokens,
    costNanoUsd: sums.costNanoUsd,
    latencyMs: Math.max(0, Math.round(trail.endedAt - exchange.startedAt)),
    timeToFirstTokenMs: last?.timeToFirstTokenMs ?? null,
    clientAgent: agent === undefined ? null : told(agent),
    requestBody: trail.requestBody?.finish() ?? null,
    responseBody: trail.responseBody?.finish() ?? null,
  };
}

/** Of a request for which no upstream was asked. */
function outcomeOf({ res, facts }: Exchange): UsageOutcome {
  if (facts.errorCode !== undefined && res.headersSent) return 'refused';
  return 'client_abort';
}

/** All attempts together; tokens of sound and pictures count as input, as which they are priced. */
function sumsOf(
  events: readonly UsageEvent[],
): Pick<RequestLog, 'inputTokens' | 'outputTokens' | 'costNanoUsd'> {
  let inputTokens = 0;
  let outputTokens = 0;
  let costNanoUsd = 0n;
  for (const event of events) {
    const { input, cachedInput, cacheWrite, audio, image } = event.tokens;
    inputTokens += input + cachedInput + cacheWrite + audio + image;
    outputTokens += event.tokens.output + event.tokens.reasoning;
    costNanoUsd += event.costNanoUsd;
  }
  return { inputTokens, outputTokens, costNanoUsd };
}

/** `/v1/chat/completions` is `chat.completions`. */
function endpointOf(url: string): string {
  const [path] = url.split('?', 1);
  return told(path.replace(/^\/v1\//, '').replaceAll('/', '.'));
}

/** What a client said, as far as it is kept. */
function told(text: string): string {
  return withoutKeys(text).slice(0, MAX_TEXT);
}
