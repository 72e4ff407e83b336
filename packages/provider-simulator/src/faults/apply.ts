import type { SendStep, Step } from '../delivery/steps';
import type { Fault } from './kinds';

/** How a dialect writes what does not belong into a stream. */
interface FaultyEvents {
  /** The event by which it reports an error inside a stream. */
  readonly errorEvent: string;
  /** An event whose data is not JSON. */
  readonly malformedEvent: string;
}

/**
 * Breaks a stream of events. Kinds that concern what the events say (usage, the last event, content) are the
 * dialect's, and leave the steps as they are here.
 */
export function faultStream(
  fault: Fault | undefined,
  events: Iterable<SendStep>,
  { errorEvent, malformedEvent }: FaultyEvents,
): Iterable<Step> {
  switch (fault?.kind) {
    case 'cut':
      return thenEnd(
        cutsAtBytes(fault)
          ? firstBytes(events, fault.parameters.bytes)
          : firstEvents(events, fault.parameters.chunks),
        { type: 'destroy' },
      );
    case 'stall':
      return thenEnd(firstEvents(events, fault.parameters.chunks), {
        type: 'stall',
      });
    case 'error-in-stream':
      return insertAfter(events, fault.parameters.chunks, errorEvent, {
        endThere: true,
      });
    case 'error-before-content':
      return insertAfter(
        withoutTokens(events),
        fault.parameters.chunks,
        errorEvent,
        { endThere: true },
      );
    case 'malformed-sse':
      return insertAfter(events, fault.parameters.chunks, malformedEvent, {
        endThere: false,
      });
    case 'slow':
      return dribble(events, fault.parameters.bytes, fault.parameters.ms);
    default:
      return events;
  }
}

/** Breaks a response that is sent whole; its headers, with the length of the whole body, are already decided. */
export function faultBody(
  fault: Fault | undefined,
  body: SendStep,
): Iterable<Step> {
  const half = Math.floor(Buffer.byteLength(body.wire) / 2);
  switch (fault?.kind) {
    case 'cut':
      return thenEnd(
        firstBytes([body], cutsAtBytes(fault) ? fault.parameters.bytes : half),
        { type: 'destroy' },
      );
    case 'stall':
      return thenEnd(firstBytes([body], half), { type: 'stall' });
    case 'slow':
      return dribble([body], fault.parameters.bytes, fault.parameters.ms);
    default:
      return [body];
  }
}

/** `parseFault` leaves the default out where bytes were asked for. */
function cutsAtBytes({ parameters }: Fault): boolean {
  return parameters.chunks === undefined;
}

function* thenEnd(steps: Iterable<SendStep>, end: Step): Generator<Step> {
  // Even when nothing of the body is to be seen, the client is to see that there was an answer.
  yield { type: 'headers' };
  yield* steps;
  yield end;
}

function* firstEvents(
  events: Iterable<SendStep>,
  count: number,
): Generator<SendStep> {
  let sent = 0;
  if (count === 0) return;
  for (const event of events) {
    yield event;
    sent += 1;
    if (sent >= count) return;
  }
}

/** The events before the first that brings a token. */
function* withoutTokens(events: Iterable<SendStep>): Generator<SendStep> {
  for (const event of events) {
    if (event.tokens > 0) return;
    yield event;
  }
}

function* firstBytes(
  events: Iterable<SendStep>,
  bytes: number,
): Generator<SendStep> {
  let left = bytes;
  if (left === 0) return;
  for (const event of events) {
    const wire = Buffer.from(event.wire);
    if (wire.length >= left) {
      yield {
        ...event,
        wire: wire.subarray(0, left),
        tokens: wire.length === left ? event.tokens : 0,
      };
      return;
    }
    yield event;
    left -= wire.length;
  }
}

function* insertAfter(
  events: Iterable<SendStep>,
  count: number,
  wire: string,
  { endThere }: { readonly endThere: boolean },
): Generator<SendStep> {
  let seen = 0;
  let afterTokens = 0;
  let inserted = false;
  for (const event of events) {
    if (seen === count) {
      yield { type: 'send', wire, tokens: 0, afterTokens };
      inserted = true;
      if (endThere) return;
    }
    afterTokens = event.afterTokens;
    yield event;
    seen += 1;
  }
  // A short stream has the insertion at its end rather than not at all.
  if (!inserted) yield { type: 'send', wire, tokens: 0, afterTokens };
}

function* dribble(
  events: Iterable<SendStep>,
  bytes: number,
  pauseMs: number,
): Generator<SendStep> {
  const size = Math.max(1, bytes);
  for (const event of events) {
    const wire = Buffer.from(event.wire);
    for (let at = 0; at < wire.length; at += size) {
      const last = at + size >= wire.length;
      yield {
        ...event,
        wire: wire.subarray(at, at + size),
        tokens: last ? event.tokens : 0,
        pauseMs,
      };
    }
  }
}
