import type { AttemptResult } from '../metering/usageEvent';
import type { Refusal } from '../errors/registry';
import { errorEvent } from '../errors/shapes';
import { sendRefusal } from '../http/sendRefusal';
import type { Admitted } from './admit';
import type { Committed } from './commit';
import type { Gateway } from './Gateway';
import type { Relayed } from './Relayed';
import { relayStream } from './relayStream';
import { relayWhole } from './relayWhole';
import { resultOf, toldOf } from './resultOf';
import { tellUse } from './tellUse';
import type { Attempted, Gone, Streaming } from './Tried';

/** An attempt that is over, but for the last thing that its client sees of it. */
export interface Delivered {
  readonly attempted: Attempted;
  readonly result: AttemptResult;
  readonly finish: Relayed['finish'];
}

/** Passes the answer on to the client, all but its end. */
export async function deliver(
  committed: Committed,
  gateway: Gateway,
): Promise<Delivered> {
  const { attempted } = committed;
  const { use, watch } = attempted;
  try {
    const relayed =
      committed.kind === 'stream'
        ? await passStreamOn(committed, gateway)
        : whole(committed);
    tellUse(use, relayed);
    return {
      attempted,
      result: resultOf(committed, relayed, gateway),
      finish: relayed.finish,
    };
  } catch (bug) {
    watch.giveUp();
    throw bug;
  } finally {
    // Unless it has been told how that went, nothing is known.
    use.abandoned();
    watch.end();
  }
}

async function passStreamOn(
  streaming: Streaming,
  gateway: Gateway,
): Promise<Relayed> {
  const { exchange } = streaming.attempted.admitted;
  exchange.waits.begin('upstream');
  try {
    gateway.telemetry.streamBegan(exchange);
    return await relayStream(streaming, gateway);
  } finally {
    exchange.waits.end('upstream');
  }
}

/** What is given to the client in one piece, once the usage is recorded. */
function whole(committed: Exclude<Committed, Streaming>): Relayed {
  switch (committed.kind) {
    case 'whole':
      return relayWhole(committed);
    case 'failed': {
      const { exchange } = committed.attempted.admitted;
      return {
        ...toldOf(committed),
        finish: () => tellClient(exchange, committed.told),
      };
    }
    case 'gone':
      return gone(committed);
    default: {
      const impossible: never = committed;
      throw new TypeError(`Unknown: ${JSON.stringify(impossible)}`);
    }
  }
}

/** Nothing came that its client could use. */
function tellClient(exchange: Admitted['exchange'], refusal: Refusal): void {
  const { res, facts, errors, requestId } = exchange;
  facts.errorCode = refusal.code;
  // It was kept waiting with comments of a stream.
  if (res.headersSent) res.end(errorEvent(errors, refusal, requestId));
  else sendRefusal(exchange, refusal);
}

/** The client hung up before it saw anything. */
function gone({ taken, generatedBytes }: Gone): Relayed {
  return {
    outcome: 'client_abort',
    errorCode: null,
    usage: { kind: 'absent' },
    generatedBytes,
    taken,
    firstByteAt: null,
    finish: () => undefined,
  };
}
