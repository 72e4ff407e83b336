import { NO_TOKENS } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { openai } from '../providers/openai';
import { decodeEvent, encodeEvent } from './eventCodec';
import {
  intentEvent,
  settledEvent,
  type Attempt,
  type AttemptResult,
} from './usageEvent';

const ID = '01890000-0000-7000-8000-000000000001';
const rates = {
  input: 1_000_000_000n,
  output: 2_000_000_000n,
  cachedInput: null,
  cacheWrite: null,
  reasoning: null,
  audio: null,
  image: null,
  perRequest: 7n,
};
const attempt: Attempt = {
  id: ID,
  occurredAt: 2_000,
  requestId: 'r',
  number: 1,
  gatewayId: ID,
  key: {
    id: 'abcdefghijkl',
    projectId: 'search',
    ownerKind: 'project',
    ownerRef: null,
    modelScope: null,
    expiresAt: null,
    revoked: false,
  },
  businessUnit: 'retail',
  deployment: {
    id: ID,
    modelId: 'm',
    upstreamModel: 'u',
    weight: 1,
    priority: 0,
    provider: {
      id: ID,
      name: 'p',
      kind: openai,
      settings: {},
      baseUrl: 'http://x/v1',
      origin: 'http://x',
      secretRef: null,
      onClientAbort: 'abort',
    },
    settings: {},
    prices: [
      { id: `${ID.slice(0, -1)}2`, effectiveFrom: 0, rates },
      {
        id: `${ID.slice(0, -1)}3`,
        effectiveFrom: 2_001,
        rates: { ...rates, input: 9n },
      },
    ],
  },
  endpoint: 'chat.completions',
  free: false,
  streamed: true,
  estimatedInputTokens: 100,
};
const result: AttemptResult = {
  outcome: 'complete',
  errorCode: null,
  upstreamStatus: 200,
  usage: { kind: 'absent' },
  taken: true,
  generatedBytes: 41,
  latencyMs: 5,
  timeToFirstTokenMs: 1,
};
const tokens = { ...NO_TOKENS, input: 3, output: 4 };

describe('a usage event', () => {
  it('costs what the price in force when the request came says', () => {
    const event = settledEvent(attempt, {
      ...result,
      usage: { kind: 'reported', tokens },
    });
    expect(event).toMatchObject({
      usageSource: 'reported',
      tokens,
      priceId: attempt.deployment.prices[0].id,
      costNanoUsd: 3n * 1_000n + 4n * 2_000n + 7n,
    });
  });

  it('estimates what was not reported', () => {
    expect(settledEvent(attempt, result)).toMatchObject({
      usageSource: 'estimated',
      tokens: { ...NO_TOKENS, input: 100, output: 11 },
      costNanoUsd: 100n * 1_000n + 11n * 2_000n + 7n,
    });
  });

  it('takes a report of nothing for what it says', () => {
    expect(
      settledEvent(attempt, {
        ...result,
        usage: { kind: 'reported', tokens: NO_TOKENS },
      }),
    ).toMatchObject({
      usageSource: 'reported',
      tokens: NO_TOKENS,
      costNanoUsd: 7n,
    });
  });

  it('costs nothing when the upstream did not take the request on', () => {
    expect(
      settledEvent(attempt, {
        ...result,
        outcome: 'upstream_error',
        taken: false,
      }),
    ).toMatchObject({
      usageSource: 'none',
      tokens: NO_TOKENS,
      costNanoUsd: 0n,
      priceId: null,
    });
  });

  it('costs nothing before its first price starts', () => {
    expect(settledEvent({ ...attempt, occurredAt: -1 }, result)).toMatchObject({
      priceId: null,
      costNanoUsd: 0n,
    });
  });

  it('is, as an intent, what is booked should the gateway die', () => {
    expect(intentEvent(attempt)).toMatchObject({
      id: ID,
      outcome: 'truncated',
      usageSource: 'estimated',
      tokens: { ...NO_TOKENS, input: 100 },
      costNanoUsd: 100_007n,
    });
  });

  it('comes out of the spool as it went in, however large its cost', () => {
    const event = {
      ...settledEvent(attempt, result),
      costNanoUsd: 2n ** 62n + 1n,
    };
    expect(
      decodeEvent(Buffer.from(encodeEvent('event', event).payload)),
    ).toEqual(event);
  });
});
