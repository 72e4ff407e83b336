import { nanoToUsd } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { refuse } from '../errors/registry';
import type { Delivered } from './deliver';
import type { Gateway } from './Gateway';

/**
 * Records what was used and counts it, both at the same time, and once that is recorded lets the client see the end. Should this process die in
 * between, the ledger has what recovery makes of it, and the counters what was counted until they are rebuilt.
 */
export async function settle(
  delivered: Delivered,
  gateway: Gateway,
): Promise<void> {
  const { attempted, result, finish } = delivered;
  const { admitted, attempt, earlier } = attempted;
  const { exchange, admission } = admitted;
  const { event, recorded } = gateway.meter.settle(attempt, result);
  const events = [...earlier, event];
  exchange.trail.booked(events);
  const counted = admission.settle(events);
  const isRecorded = await recorded;
  await counted;
  finish(isRecorded ? null : refuse('metering_unavailable', {}, 5));

  const { facts } = exchange;
  facts.outcome = event.outcome;
  facts.attempts = events.length;
  facts.cost = nanoToUsd(
    events.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
  );
  facts.inputTokens = event.tokens.input + event.tokens.cachedInput;
  facts.outputTokens = event.tokens.output + event.tokens.reasoning;
  if (event.timeToFirstTokenMs !== null) {
    facts.timeToFirstTokenMs = event.timeToFirstTokenMs;
  }
}
