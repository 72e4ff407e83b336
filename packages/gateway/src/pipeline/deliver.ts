import type { Attempt, AttemptResult } from '../metering/usageEvent';
import type { Refusal } from '../errors/registry';
import { sendRefusal } from '../http/sendRefusal';
import type { Committed } from './commit';
import type { Gateway } from './Gateway';
import { relayStream } from './relayStream';
import { relayWhole } from './relayWhole';
import type { Admitted } from './admit';
import type { Relayed } from './Relayed';

/** An attempt that is over, but for the last thing that its client sees of it. */
export interface Delivered extends Admitted {
  readonly attempt: Attempt;
  readonly result: AttemptResult;
  readonly finish: Relayed['finish'];
}

/** Passes the answer on to the client, all but its end. */
export async function deliver(
  committed: Committed,
  gateway: Gateway,
): Promise<Delivered> {
  const relayedAll = committed.exchange.waits.begin('upstream');
  const relayed = await relay(committed, gateway);
  relayedAll();
  committed.watch.end();
  const { exchange } = committed;
  const sinceStart = (at: number) =>
    Math.max(0, Math.round(at - exchange.startedAt));
  const { firstByteAt, finish, ...told } = relayed;
  return {
    ...committed,
    finish,
    result: {
      ...told,
      upstreamStatus: committed.kind === 'gone' ? null : committed.status,
      latencyMs: sinceStart(gateway.monotonic()),
      timeToFirstTokenMs: firstByteAt === null ? null : sinceStart(firstByteAt),
    },
  };
}

function relay(committed: Committed, gateway: Gateway): Promise<Relayed> {
  switch (committed.kind) {
    case 'answer':
      if (!committed.request.stream) return relayWhole(committed, gateway);
      gateway.telemetry.streamBegan(committed.exchange);
      return relayStream(committed, gateway);
    case 'failed':
      return Promise.resolve(failed(committed));
    case 'gone':
      return Promise.resolve(gone());
    default: {
      const impossible: never = committed;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

/** The attempt failed before the client saw anything of it. */
function failed(attempt: {
  readonly exchange: Admitted['exchange'];
  readonly refusal: Refusal;
  readonly taken: boolean;
}): Relayed {
  const { exchange, refusal } = attempt;
  return {
    outcome: 'upstream_error',
    errorCode: refusal.code,
    usage: { kind: 'absent' },
    generatedBytes: 0,
    taken: attempt.taken,
    firstByteAt: null,
    finish: () => {
      exchange.facts.errorCode = refusal.code;
      sendRefusal(exchange.res, refusal, exchange.requestId);
    },
  };
}

/** The client hung up before it saw anything; the upstream was at work on it. */
function gone(): Relayed {
  return {
    outcome: 'client_abort',
    errorCode: null,
    usage: { kind: 'absent' },
    generatedBytes: 0,
    taken: true,
    firstByteAt: null,
    finish: () => undefined,
  };
}
