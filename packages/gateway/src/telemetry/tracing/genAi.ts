import type { Attributes } from '@opentelemetry/api';
import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Attempt } from '../../metering/usageEvent';
import type { SpanEnd } from './RequestTrace';

/**
 * Attributes of spans, by OpenTelemetry's semantic conventions for generative AI: what was asked of whom and how much it took. Never what
 * was said.
 */

const OPERATIONS: Readonly<Record<string, string>> = {
  'chat.completions': 'chat',
  messages: 'chat',
  completions: 'text_completion',
  embeddings: 'embeddings',
};

/** What is done to a model, by the endpoint that is asked for. */
export function operationOf(endpoint: string): string {
  return OPERATIONS[endpoint] ?? endpoint;
}

/** The name of the span of an attempt. */
export function attemptName({ endpoint, deployment }: Attempt): string {
  return `${operationOf(endpoint)} ${deployment.upstreamModel}`;
}

/** What is known of an attempt when it begins. */
export function attemptAttributes(attempt: Attempt): Attributes {
  const { deployment } = attempt;
  const { provider } = deployment;
  const { hostname, port, protocol } = new URL(provider.origin);
  return {
    'gen_ai.operation.name': operationOf(attempt.endpoint),
    'gen_ai.provider.name': provider.kind.telemetryName ?? provider.name,
    'aigateway.provider': provider.name,
    'gen_ai.request.model': deployment.upstreamModel,
    'server.address': hostname,
    'server.port': portOf(port, protocol),
    'aigateway.attempt': attempt.number,
    'aigateway.deployment': deployment.id,
    'aigateway.model': deployment.modelId,
    'aigateway.stream': attempt.streamed,
  };
}

function portOf(port: string, protocol: string): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/** What is known of it when it is over. */
export function attemptEnd(event: UsageEvent): SpanEnd {
  const { tokens } = event;
  return {
    attributes: {
      ...(event.upstreamStatus !== null && {
        'http.response.status_code': event.upstreamStatus,
      }),
      ...(event.usageSource !== 'none' && {
        // By the conventions input includes what came from a cache; our classes are apart.
        'gen_ai.usage.input_tokens':
          tokens.input + tokens.cachedInput + tokens.cacheWrite,
        'gen_ai.usage.output_tokens': tokens.output + tokens.reasoning,
        'gen_ai.usage.cache_read.input_tokens': tokens.cachedInput,
        'gen_ai.usage.cache_creation.input_tokens': tokens.cacheWrite,
        'aigateway.usage_source': event.usageSource,
      }),
      ...(event.timeToFirstTokenMs !== null && {
        'aigateway.time_to_first_token_ms': event.timeToFirstTokenMs,
      }),
      'aigateway.outcome': event.outcome,
      'aigateway.cost_usd': Number(event.costNanoUsd) / 1e9,
    },
    errorType:
      event.errorCode ?? (event.outcome === 'complete' ? null : event.outcome),
  };
}
