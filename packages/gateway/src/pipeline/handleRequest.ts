import type { Endpoint } from '../endpoints';
import type { Exchange } from '../http/exchange';
import type { Refusal } from '../errors/registry';
import { admit, type Admitted } from './admit';
import { authenticate } from './authenticate';
import { commit } from './commit';
import { deliver } from './deliver';
import type { Gateway } from './Gateway';
import { receive } from './receive';
import { route } from './route';
import { settle } from './settle';

/**
 * One request, from its headers to its place in the ledger:
 *
 * ```
 * Received ──► Authenticated ──► Routed ──► Admitted ──► Committed ──► Delivered ──► Settled
 *  headers      whose it is       what for    within       intent        all but       usage durable,
 *  make sense                                 limits       written,      the end       then the end
 *     │              │              │           │        upstream answers
 *     │              │              │           │
 *     └──────────────┴──────────────┴───────────┴──► refused: nothing was spent, nothing is billed
 * ```
 *
 * From Committed on, there is exactly one event in the ledger for each attempt, whatever happens.
 *
 * @returns why it was refused before it was admitted; `null` when it was admitted, or its client has gone
 */
export async function handleRequest(
  exchange: Exchange,
  endpoint: Endpoint,
  gateway: Gateway,
): Promise<Refusal | null> {
  const { trace } = exchange;
  const received = trace.stage(
    'receive',
    receive,
    { exchange, endpoint },
    gateway,
  );
  if (received.kind !== 'next') return refusalOf(received);
  const known = trace.stage(
    'authenticate',
    authenticate,
    received.value,
    gateway,
  );
  const authenticated = known instanceof Promise ? await known : known;
  if (authenticated.kind !== 'next') return refusalOf(authenticated);
  gateway.requestLogs.follow(exchange, authenticated.value.key);
  const routed = await trace.stage(
    'route',
    route,
    authenticated.value,
    gateway,
  );
  if (routed.kind !== 'next') return refusalOf(routed);
  const judged = trace.stage('admit', admit, routed.value, gateway);
  const admitted = judged instanceof Promise ? await judged : judged;
  if (admitted.kind !== 'next') return refusalOf(admitted);

  try {
    await serve(admitted.value, gateway);
    return null;
  } catch (bug) {
    admitted.value.admission.abandon();
    throw bug;
  }
}

async function serve(admitted: Admitted, gateway: Gateway): Promise<void> {
  const { trace } = admitted.exchange;
  const committed = await trace.stage('commit', commit, admitted, gateway);
  try {
    const delivered = await trace.stage('deliver', deliver, committed, gateway);
    await trace.stage('settle', settle, delivered, gateway);
  } catch (bug) {
    await gateway.meter.abandon(committed.attempted.attempt);
    throw bug;
  }
}

function refusalOf(
  step: { kind: 'refused'; refusal: Refusal } | { kind: 'gone' },
): Refusal | null {
  return step.kind === 'refused' ? step.refusal : null;
}
