import { AddressPolicy } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { once } from 'node:events';
import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { Stop } from './Stop';
import { UpstreamPools } from './UpstreamPools';

describe('UpstreamPools', () => {
  let server: Server;
  let pools: UpstreamPools;
  const sockets: Socket[] = [];
  const connected = () => once(server, 'connection');

  beforeEach(async () => {
    // It takes connections and never says a word.
    server = createServer(socket =>
      sockets.push(socket.on('error', () => undefined)),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    pools = UpstreamPools.create({
      addresses: AddressPolicy.create({ allowPrivateAddresses: true }),
      settings: {
        connectTimeoutMs: 1_000,
        firstByteTimeoutMs: 5_000,
        firstTokenTimeoutMs: 5_000,
        idleTimeoutMs: 5_000,
        totalTimeoutMs: 5_000,
        maxAnswerBytes: 1_000,
      },
    });
  });
  afterEach(async () => {
    await pools.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  const send = (protocol: 'http' | 'https', stop: Stop) =>
    pools.send(
      `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`,
      { path: '/', headers: [], body: Buffer.from('{}') },
      stop,
      { streamed: false },
    );

  it('has asked nothing of an upstream that it gave up before, or while it was connecting', async () => {
    const given = new Stop();
    given.now();
    expect(await send('http', given)).toMatchObject({
      failure: 'aborted',
      asked: false,
    });
    expect(sockets).toHaveLength(0);

    const giveUp = new Stop();
    // There is no end to its handshake.
    const sent = send('https', giveUp);
    await connected();
    giveUp.now();
    expect(await sent).toMatchObject({ failure: 'aborted', asked: false });
  });

  it('has asked nothing when it gave up while it was connecting, and then it was connected', async () => {
    const giveUp = new Stop();
    const sent = send('http', giveUp);
    giveUp.now();
    expect(await sent).toMatchObject({ failure: 'aborted', asked: false });
  });

  it('has asked an upstream that it gave up on while it waited for its answer', async () => {
    const giveUp = new Stop();
    const sent = send('http', giveUp);
    await connected();
    await once(sockets[0], 'data');
    giveUp.now();
    expect(await sent).toMatchObject({ failure: 'aborted', asked: true });
  });
});
