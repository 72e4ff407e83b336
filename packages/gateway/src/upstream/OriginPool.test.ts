import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Client } from 'undici';
import { eventually } from '../__testUtils__/eventually';
import { OriginPool } from './OriginPool';

describe('OriginPool', () => {
  let server: Server;
  let pool: OriginPool;
  let answer: (req: IncomingMessage, res: ServerResponse) => void;
  /** The connections that requests came by, in their order. */
  let usedBy: Socket[];

  beforeEach(async () => {
    usedBy = [];
    answer = (_req, res) => res.end('ok');
    server = createServer((req, res) => {
      usedBy.push(req.socket);
      answer(req, res);
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    pool = new OriginPool(() => new Client(`http://127.0.0.1:${port}`));
  });
  afterEach(async () => {
    await pool.destroy();
    server.closeAllConnections();
    server.close();
  });

  /** Sends a request, and gives its connection back as whoever handles an answer does. */
  const ask = () =>
    new Promise<'ended' | 'failed'>(resolve => {
      const connection = pool.take();
      connection.dispatch(
        { method: 'GET', path: '/' },
        {
          onRequestStart: () => undefined,
          onResponseStart: () => undefined,
          onResponseData: () => undefined,
          onResponseEnd: () => {
            connection.free();
            resolve('ended');
          },
          onResponseError: () => {
            connection.drop();
            resolve('failed');
          },
        },
      );
    });

  it('has a connection for each request at a time, and takes the one that came free last', async () => {
    const held: ServerResponse[] = [];
    answer = (_req, res) => held.push(res);
    const asked = [ask(), ask(), ask()];
    await eventually(async () => held.length === 3);
    expect(new Set(usedBy).size).toBe(3);
    expect(pool.size).toBe(3);

    for (const at of [0, 2, 1]) {
      held[at].end('ok');
      await asked[at];
    }
    answer = (_req, res) => res.end('ok');
    expect(await ask()).toBe('ended');
    expect(await ask()).toBe('ended');
    expect(usedBy.slice(3)).toEqual([usedBy[1], usedBy[1]]);
    expect(pool.size).toBe(3);
  });

  it('uses no connection again on which a request failed, and forgets those that are closed', async () => {
    answer = (_req, res) => res.destroy();
    expect(await ask()).toBe('failed');
    expect(pool.size).toBe(0);

    answer = (_req, res) => res.end('ok');
    expect(await ask()).toBe('ended');
    expect(pool.size).toBe(1);
    server.closeIdleConnections();
    await eventually(async () => pool.size === 0);

    answer = (_req, res) => res.setHeader('connection', 'close').end('ok');
    expect(await ask()).toBe('ended');
    await eventually(async () => pool.size === 0);
    expect(await ask()).toBe('ended');
  });

  it('lets what is under way finish when it is closed, and ends it when it is destroyed', async () => {
    const held: ServerResponse[] = [];
    answer = (_req, res) => held.push(res);
    const first = ask();
    await eventually(async () => held.length === 1);
    const closed = pool.close();
    held[0].end('ok');
    expect(await first).toBe('ended');
    await closed;
    expect(pool.size).toBe(0);

    const second = ask();
    await eventually(async () => held.length === 2);
    await pool.destroy();
    expect(await second).toBe('failed');
  });
});
