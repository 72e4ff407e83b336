import { EventEmitter, once } from 'node:events';
import { createServer, ServerResponse, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { ChunkedResponse } from './ChunkedResponse';

type Answer = (res: ServerResponse) => Promise<void> | void;

const EVENT = Buffer.from('data: {"choices":[{"delta":{"content":"é"}}]}\n\n');
const GET = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';

/** What is written in many ways, with what stays the same whichever response it is. */
const WAYS: ReadonlyArray<[string, Answer]> = [
  [
    'pieces, a turn between them',
    async res => {
      res.flushHeaders();
      for (let i = 0; i < 3; i += 1) {
        await turn();
        res.write(EVENT);
      }
      res.end('data: [DONE]\n\n');
    },
  ],
  [
    'pieces in one turn with the head',
    res => {
      res.flushHeaders();
      res.write(EVENT);
      res.write(new Uint8Array(EVENT));
      res.end();
    },
  ],
  [
    'pieces before the head has gone',
    res => {
      res.write(EVENT);
      res.flushHeaders();
      res.write(EVENT);
      res.end();
    },
  ],
  [
    'strings, bytes with callbacks, nothing at all and bytes among one another',
    async res => {
      res.flushHeaders();
      res.write('text é', 'latin1');
      res.write(EVENT);
      await new Promise<void>(done => {
        res.write(EVENT, () => done());
      });
      res.write(Buffer.alloc(0));
      res.write(EVENT);
      res.write('text é');
      res.end(EVENT);
    },
  ],
  [
    'what is held back for a while',
    async res => {
      res.flushHeaders();
      res.write(EVENT);
      res.cork();
      res.write(EVENT);
      await turn();
      res.write(EVENT);
      res.uncork();
      res.write(EVENT);
      res.end();
    },
  ],
  [
    'pieces of all sizes',
    async res => {
      res.flushHeaders();
      for (const size of [1, 15, 16, 255, 4_096, 16_384, 16_385, 300_000]) {
        if (!res.write(Buffer.alloc(size, 'x'))) await once(res, 'drain');
      }
      res.end();
    },
  ],
  [
    'an answer whose length is known',
    res => {
      res.writeHead(200, { 'content-length': EVENT.length * 2 });
      res.flushHeaders();
      res.write(EVENT);
      res.end(EVENT);
    },
  ],
];

describe('a chunked response', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    servers.length = 0;
  });

  async function ask(
    answer: Answer,
    request: string,
    made: typeof ServerResponse = ChunkedResponse,
  ): Promise<Socket> {
    const server = createServer({ ServerResponse: made }, (_req, res) => {
      res.sendDate = false;
      void answer(res);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    client.write(request);
    return client;
  }

  it.each(WAYS)('sends %s as Node does', async (_name, answer) => {
    for (const request of [
      LAST,
      LAST.replace('1.1', '1.0'),
      LAST.replace('GET', 'HEAD'),
      GET + LAST,
    ]) {
      const sent = await text(await ask(answer, request));
      expect(sent).toContain('HTTP/1.1 200 OK');
      expect(sent).toBe(await text(await ask(answer, request, ServerResponse)));
    }
  });

  it('gives its connection a piece as one buffer, and all pieces of a turn at once', async () => {
    const given: string[] = [];
    const client = await ask(async res => {
      res.flushHeaders();
      await turn();
      const write = jest.spyOn(res.socket as Socket, 'write');
      const corked = jest.spyOn(res.socket as Socket, 'cork');
      res.write(EVENT);
      res.write(EVENT);
      given.push(...write.mock.calls.map(([bytes]) => String(bytes)));
      expect(corked).toHaveBeenCalledTimes(1);
      expect(res.socket?.writableCorked).toBe(1);
      await turn();
      expect(res.socket?.writableCorked).toBe(0);
      res.end();
    }, LAST);
    await text(client);
    const framed = `${EVENT.length.toString(16)}\r\n${EVENT}\r\n`;
    expect(given).toEqual([framed, framed]);
  });

  it('says when its connection has no room, and tells when there is again', async () => {
    let told = 0;
    let pieces = 0;
    const full = new EventEmitter();
    const client = await ask(async res => {
      res.flushHeaders();
      res.on('drain', () => (told += 1));
      do {
        await turn();
        pieces += 1;
      } while (res.write(Buffer.alloc(10_000, 'x')));
      full.emit('full', res);
    }, LAST);
    const [res] = await once(full, 'full');
    expect(res.writableNeedDrain).toBe(true);
    expect(told).toBe(0);
    expect(pieces).toBeGreaterThan(6);
    const drained = once(res, 'drain');
    client.resume();
    await drained;
    expect(told).toBe(1);
    res.end();
  });

  it('refuses what is written after its end, or to a client that is gone', async () => {
    const results: boolean[] = [];
    const over = new Promise<void>(resolve => {
      void ask(async res => {
        res.on('error', () => undefined);
        res.flushHeaders();
        res.end();
        results.push(res.write(EVENT));
        resolve();
      }, LAST);
    });
    await over;
    const gone = new Promise<void>(resolve => {
      void ask(async res => {
        res.flushHeaders();
        await once(res, 'close');
        results.push(res.write(EVENT));
        resolve();
      }, LAST).then(client => client.once('data', () => client.destroy()));
    });
    await gone;
    expect(results).toEqual([false, false]);
  });
});
