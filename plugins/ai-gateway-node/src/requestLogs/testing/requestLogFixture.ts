import type { RequestLog } from '../RequestLog';

/** A request log, ordinary but for what is given. */
export function requestLog(
  given: Partial<RequestLog> & Pick<RequestLog, 'requestId'>,
): RequestLog {
  return {
    occurredAt: Date.UTC(2031, 4, 20, 12),
    projectId: 'claims',
    apiKeyId: 'Ab3dEf6hIj9l',
    ownerRef: 'user:default/ada',
    modelId: 'gpt-5',
    deploymentId: '0197a000-0000-7000-8000-0000000000d1',
    endpoint: 'chat.completions',
    streamed: true,
    status: 200,
    outcome: 'complete',
    errorCode: null,
    attempts: 1,
    inputTokens: 120,
    outputTokens: 34,
    costNanoUsd: 310_000n,
    latencyMs: 840,
    timeToFirstTokenMs: 210,
    clientAgent: 'OpenAI/JS 7.55.0',
    requestBody: null,
    responseBody: null,
    ...given,
  };
}
