import { createParser } from 'eventsource-parser';
import {
  encodeEvents,
  type IncomingEvent,
  type OutgoingEvent,
  type StreamPart,
} from '../canonical/streamPart';
import type { StreamReader, StreamWriter } from '../Dialect';

/** All events of these steps. */
export function writeAll(
  writer: StreamWriter,
  parts: Iterable<StreamPart>,
): readonly OutgoingEvent[] {
  return [...parts].flatMap(part => writer.write(part));
}

/** All steps of these events, to the end of the connection. */
export function readAll(
  reader: StreamReader,
  events: Iterable<IncomingEvent>,
): readonly StreamPart[] {
  return [...[...events].flatMap(event => reader.read(event)), ...reader.end()];
}

/** What a client's decoder makes of the events, as text that comes in pieces of these sizes. */
export function decode(
  events: readonly OutgoingEvent[],
  sizes: readonly number[] = [1_000],
): readonly IncomingEvent[] {
  const decoded: IncomingEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = '', data }) => decoded.push({ event, data }),
  });
  const text = encodeEvents(events);
  for (let from = 0, piece = 0; from < text.length; piece++) {
    const to = from + sizes[piece % sizes.length];
    parser.feed(text.slice(from, to));
    from = to;
  }
  return decoded;
}

/** The events as a stream of lines of JSON, which is how the SDKs take them from elsewhere than the network. */
export function toJsonLines(
  events: readonly IncomingEvent[],
): ReadableStream<Uint8Array> {
  const lines = events
    .filter(({ data, event }) => data !== '[DONE]' && event !== 'ping')
    .map(({ data }) => `${data}\n`);
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(lines.join('')));
      controller.close();
    },
  });
}
