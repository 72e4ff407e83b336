import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** How long until a break is noticed that nobody tells of, and between two tries to connect. */
const CONNECT_TIMEOUT_MS = 1000;
/** How long nothing may come of what was asked until the connection is made anew: its other end may be gone without a word. */
const SILENCE_MS = 5000;
const RETRY_MS = { first: 50, most: 1000 };

const retryStrategy = (attempt: number) =>
  Math.min(RETRY_MS.first * 2 ** attempt, RETRY_MS.most);

const OPTIONS: RedisOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_TIMEOUT_MS,
  socketTimeout: SILENCE_MS,
};

/**
 * A connection for a limiter.
 *
 * Commands fail at once while there is none, instead of waiting for it, and are not sent again after a break: what is to be done then is
 * decided by who asked. The connection itself is tried for again without end.
 *
 * @param onError - told of every break; the connection is given up with `disconnect()` only
 */
export function connectRedis(
  url: string,
  onError: (error: Error) => void,
): Redis {
  const redis = new Redis(url, { ...OPTIONS, retryStrategy });
  redis.on('error', onError);
  return redis;
}

/** As {@link connectRedis}, to a cluster of which one node is named. All keys of a limiter are in one slot, and so at one node. */
export function connectRedisCluster(
  url: string,
  onError: (error: Error) => void,
): Cluster {
  const { protocol, username, password } = new URL(url);
  const cluster = new Cluster([url], {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryStrategy,
    redisOptions: {
      ...OPTIONS,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  });
  cluster.on('error', onError);
  return cluster;
}
