import type { Attempt, AttemptResult } from '../metering/usageEvent';
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
import type { Gone } from './Tried';

/** An attempt that is over, but for the last thing that its client sees of it. */
export interface Delivered extends Admitted {
  readonly attempt: Attempt;
  readonly result: AttemptResult;
  /** The events of the attempts before it, which failed; they are booked. */
  readonly earlier: Committed['earlier'];
  readonly finish: Relayed['finish'];
}

/** Passes the answer on to the client, all but its end. */
export async function deliver(
  committed: Committed,
  gateway: Gateway,
): Promise<Delivered> {
  const { waits } = committed.exchange;
  waits.begin('upstream');
  try {
    const { finish, ...told } = await relay(committed, gateway);
    tellUse(committed.use, told);
    return {
      ...committed,
      finish,
      result: resultOf(committed, told, gateway),
    };
  } catch (bug) {
    committed.watch.giveUp();
    throw bug;
  } finally {
    waits.end('upstream');
    // Unless it has been told how that went, nothing is known.
    committed.use.abandoned();
    committed.watch.end();
  }
}

async function relay(committed: Committed, gateway: Gateway): Promise<Relayed> {
  switch (committed.kind) {
    case 'stream':
      gateway.telemetry.streamBegan(committed.exchange);
      return relayStream(committed, gateway);
    case 'whole':
      return relayWhole(committed);
    case 'failed':
      return {
        ...toldOf(committed),
        finish: () => tellClient(committed.exchange, committed.told),
      };
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
