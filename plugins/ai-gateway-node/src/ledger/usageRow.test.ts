import fc from 'fast-check';
import { NO_TOKENS } from '../pricing';
import type { UsageEvent } from './UsageEvent';
import { decodeUsageRow, encodeUsageRow } from './usageRow';

const ID = '01890000-0000-7000-8000-000000000000';
const event: UsageEvent = {
  id: ID,
  occurredAt: 1_772_366_400_123,
  requestId: 'request-1',
  attempt: 2,
  gatewayId: ID,
  projectId: 'search',
  businessUnit: 'retail',
  apiKeyId: 'abcdefghijkl',
  ownerKind: 'user',
  ownerRef: null,
  modelId: 'house-model',
  deploymentId: ID,
  providerId: ID,
  upstreamModel: 'vendor-model',
  endpoint: 'chat.completions',
  streamed: true,
  outcome: 'complete',
  errorCode: null,
  upstreamStatus: 200,
  usageSource: 'reported',
  tokens: { ...NO_TOKENS, input: 10, output: 5 },
  priceId: null,
  costNanoUsd: 2n ** 62n + 1n,
  latencyMs: 12,
  timeToFirstTokenMs: null,
};

describe('a usage row', () => {
  it('has all fields of an event, whatever is in its texts', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', '\\', ',', '(', ')', ' ', '\n') }),
    );
    fc.assert(
      fc.property(
        anyText,
        anyText,
        fc.option(anyText),
        (requestId, modelId, ownerRef) => {
          const row = encodeUsageRow({
            ...event,
            requestId,
            modelId,
            ownerRef,
          });
          expect(decodeUsageRow(row)).toEqual({
            id: ID,
            occurredAt: '1772366400123',
            requestId,
            attempt: '2',
            gatewayId: ID,
            projectId: 'search',
            businessUnit: 'retail',
            apiKeyId: 'abcdefghijkl',
            ownerKind: 'user',
            ownerRef,
            modelId,
            deploymentId: ID,
            providerId: ID,
            upstreamModel: 'vendor-model',
            endpoint: 'chat.completions',
            streamed: 't',
            outcome: 'complete',
            errorCode: null,
            upstreamStatus: '200',
            usageSource: 'reported',
            input: '10',
            cachedInput: '0',
            cacheWrite: '0',
            output: '5',
            reasoning: '0',
            audio: '0',
            image: '0',
            priceId: null,
            costNanoUsd: '4611686018427387905',
            latencyMs: '12',
            timeToFirstTokenMs: null,
          });
        },
      ),
    );
  });

  it('is told from anything else', () => {
    const row = encodeUsageRow(event);
    for (const other of ['', '{}', row.slice(1), row.slice(0, -3), '"(a,b)"']) {
      expect(() => decodeUsageRow(other)).toThrow(TypeError);
    }
  });
});
