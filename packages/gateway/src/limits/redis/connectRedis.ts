import { Redis } from 'ioredis';

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
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000,
    retryStrategy: attempt => Math.min(50 * 2 ** attempt, 1000),
  });
  redis.on('error', onError);
  return redis;
}
