import { createServer, type AddressInfo } from 'node:net';
import { RedisServer } from '../limits/testing/RedisServer';

/**
 * A Redis of one's own, on a port that is free.
 *
 * @param extra - settings, as on its command line
 */
export async function startTestRedis(
  extra: readonly string[] = [],
): Promise<RedisServer> {
  const server = createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return RedisServer.start(port, extra);
}
