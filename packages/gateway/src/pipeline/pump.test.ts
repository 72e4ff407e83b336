import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pump, type Sink } from './pump';

const SETTINGS = {
  client: { stallTimeoutMs: 1_000 },
  clientAbort: { drainBytes: 1_000 },
};

function pumpOf(body: Readable, sink: Sink) {
  return pump(
    {
      body,
      exchange: { res: new ServerResponse(new IncomingMessage(new Socket())) },
      watch: {
        signal: new AbortController().signal,
        clientIsGone: () => false,
        end: () => undefined,
      },
    },
    { settings: SETTINGS },
    sink,
  );
}

describe('a sink that chokes', () => {
  const choke = (): Buffer[] => {
    throw new Error('unreadable');
  };
  const sound: Sink = {
    take: chunk => [chunk],
    takeEnd: () => [],
    isClosed: () => false,
  };

  it.each([
    ['a piece', { ...sound, take: choke }],
    ['what is left at the end', { ...sound, takeEnd: choke }],
  ])('on %s breaks its own stream, and nothing else', async (_, sink) => {
    const body = Readable.from([Buffer.from('data: x')]);
    expect(await pumpOf(body, sink)).toBe('broken');
    expect(body.destroyed).toBe(true);
  });
});
