import type { UsageEvent } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { unreadable, type DeadLetter } from './DeadLetters';
import { decodeEvent, kindOfPayload } from './eventCodec';

/**
 * Finds the requests that were under way when a gateway died: their intents are in the spool and their events are not.
 *
 * Each comes to the event that its intent holds: cut off, with an estimate of what was sent. It has the intent's id, so that a recovery
 * that dies itself and is done again books nothing twice.
 *
 * @param setAside - what to do with one that nobody can read: it is to keep no gateway from starting
 */
export async function unmatchedIntents(
  payloads: AsyncIterable<Buffer>,
  setAside: (letter: DeadLetter) => Promise<void>,
): Promise<UsageEvent[]> {
  const open = new Map<string, Buffer>();
  for await (const payload of payloads) {
    const kind = kindOfPayload(payload);
    if (!kind) continue;
    const id = idOf(payload);
    if (id === undefined) continue;
    // An intent stands before its event, and again after a change of segments while it is open.
    if (kind === 'intent') open.set(id, payload);
    else open.delete(id);
  }
  const events: UsageEvent[] = [];
  for (const payload of open.values()) {
    try {
      events.push(decodeEvent(payload));
    } catch (error) {
      await setAside(unreadable(payload, error));
    }
  }
  return events;
}

/** The id is the first field, in rows and in the JSON of earlier gateways. */
function idOf(payload: Buffer): string | undefined {
  return /^.(?:"\(|\{"id":")([0-9a-f-]{36})[,"]/.exec(
    payload.toString('latin1', 0, 64),
  )?.[1];
}
