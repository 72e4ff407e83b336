import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tapResponse } from '../requestLogs/tapResponse';
import { sendAnswer } from './sendAnswer';

describe('sendAnswer', () => {
  let server: Server;
  let answer: (res: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((_req, res) => answer(res));
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['nothing', ''],
    ['a short text', '{"text":"Grüße, 世界, \u{1f600} and \u00ff"}'],
    ['a long text', JSON.stringify('Grüße, 世界 \u{1f600} '.repeat(2_000))],
  ])(
    'gives the client the bytes that there are, and shows the same to who looks on: %s',
    async (_, text) => {
      const body = Buffer.from(text);
      const shown: Uint8Array[] = [];
      answer = res => {
        tapResponse(res, bytes => shown.push(bytes));
        sendAnswer({ res, headers: ['x-request-id', 'r-1'] }, body, {
          'x-more': 'yes',
        });
      };
      const { port } = server.address() as AddressInfo;

      const response = await fetch(`http://127.0.0.1:${port}`);

      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-length': String(body.length),
        'content-type': 'application/json',
        'x-more': 'yes',
        'x-request-id': 'r-1',
      });
      expect(Buffer.from(await response.arrayBuffer())).toEqual(body);
      expect(Buffer.concat(shown)).toEqual(body);
    },
  );
});
