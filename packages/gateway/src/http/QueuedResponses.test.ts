import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { QueuedResponses } from './QueuedResponses';

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('QueuedResponses', () => {
  let server: Server;
  let responses: ServerResponse[];
  let closes: number[];

  beforeEach(async () => {
    const queued = new QueuedResponses();
    responses = [];
    closes = [];
    server = createServer((req, res) => {
      const at = responses.push(res) - 1;
      res.on('close', () => closes.push(at));
      queued.follow(req, res);
    });
    await new Promise<void>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve()),
    );
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });

  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise(resolve => setTimeout(resolve, 5));
  };
  const open = () =>
    connect((server.address() as AddressInfo).port, '127.0.0.1');

  it('tells each that its connection is gone, once, whether its turn had come or not', async () => {
    const socket = open();
    socket.write(GET.repeat(20));
    await until(() => responses.length === 20);
    socket.destroy();
    await until(() => closes.length >= 20);
    await new Promise(resolve => setTimeout(resolve, 20));
    expect([...closes].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
    expect(responses.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('leaves those alone that are answered in their turn', async () => {
    const socket = open();
    let answer = '';
    socket.on('data', chunk => (answer += chunk));
    socket.write(GET.repeat(3));
    await until(() => responses.length === 3);
    for (const res of responses) res.end('.');
    await until(() => closes.length === 3);
    socket.end();
    await new Promise(resolve => socket.once('close', resolve));
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(closes).toEqual([0, 1, 2]);
    expect(answer.match(/200 OK/g)).toHaveLength(3);
  });
});
