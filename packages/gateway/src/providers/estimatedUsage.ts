import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { CanonicalUsage } from '../dialects';
import { estimateTokens } from '../metering/estimate';

/** What is billed where a provider tells nothing, so that the client sees what it pays for. */
export function estimatedUsage(
  inputTokens: number,
  generatedBytes: number,
): CanonicalUsage {
  return {
    ...NO_TOKENS,
    input: inputTokens,
    output: estimateTokens(generatedBytes),
  };
}
