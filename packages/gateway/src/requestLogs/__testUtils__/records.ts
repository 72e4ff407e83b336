import type { RequestLog } from '@ai-gateway/backstage-plugin-ai-gateway-node';

/** A record; `textLength` is what makes it large. */
export function record(n: number, textLength: number = 0): RequestLog {
  return {
    requestId: `r${n}`,
    occurredAt: n,
    projectId: 'p',
    apiKeyId: 'k',
    ownerRef: null,
    modelId: 'm',
    deploymentId: null,
    endpoint: 'chat.completions',
    streamed: false,
    status: 200,
    outcome: 'complete',
    errorCode: null,
    attempts: 1,
    inputTokens: 1,
    outputTokens: 1,
    costNanoUsd: 1n,
    latencyMs: 1,
    timeToFirstTokenMs: null,
    clientAgent: null,
    requestBody: null,
    responseBody: {
      bytes: textLength,
      text: 'x'.repeat(textLength),
      truncated: false,
    },
  };
}
