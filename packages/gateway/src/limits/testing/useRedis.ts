import type { Redis } from 'ioredis';
import { connectRedis } from '../redis/connectRedis';
import { RedisServer } from './RedisServer';

/** A Redis for the tests of one `describe`, which is to call this first. */
export function useRedis(port: number): { readonly connection: Redis } {
  let server: RedisServer;
  let connection: Redis;

  beforeAll(async () => {
    server = await RedisServer.start(port);
    connection = connectRedis(server.url, () => {});
    await new Promise(resolve => connection.once('ready', resolve));
  });

  afterAll(async () => {
    connection.disconnect();
    await server.kill();
  });

  return {
    get connection() {
      return connection;
    },
  };
}
