import { Cluster } from 'ioredis';
import type { RedisSettings } from '../config/RedisSettings';
import type { Log } from '../telemetry/log';
import { systemClock } from './clock';
import { InProcessLimiter } from './InProcessLimiter';
import type { Limiter } from './Limiter';
import { connectRedis, connectRedisCluster } from './redis/connectRedis';
import { RedisLimiter } from './redis/RedisLimiter';
import type { ScriptConnection } from './redis/Script';
import { ResilientLimiter } from './ResilientLimiter';

/** Where limits are counted: with the other gateways, alone though it should be with the others, or alone as there are no others. */
export type CountingMode = 'shared' | 'degraded' | 'single-process';

/** A limiter, and how it does. */
export interface OpenLimiter {
  readonly limiter: Limiter;
  readonly mode: () => CountingMode;
  /** Settlements that the shared store has yet to be told. */
  readonly waiting: () => number;
  /** Calls back on every change of the mode. */
  readonly onMode: (listener: (mode: CountingMode) => void) => void;
  readonly close: () => void;
}

/** So long a start waits for Redis; what comes before it answers is counted alone. */
const CONNECT_MS = 2_000;

/** Opens the limiter that is configured: on Redis, or without one in this process. */
export async function openLimiter(options: {
  readonly redis: RedisSettings | null;
  /** How many gateways share the limits. */
  readonly replicas: () => number;
  readonly log: Log;
}): Promise<OpenLimiter> {
  const { redis, replicas, log } = options;
  if (!redis) {
    log.info(
      'Limits and budgets are counted in this process: right for one gateway. Several need aiGateway.gateway.redis',
    );
    return {
      limiter: InProcessLimiter.create({ clock: systemClock }),
      mode: () => 'single-process',
      waiting: () => 0,
      onMode: () => undefined,
      close: () => undefined,
    };
  }
  const listeners: Array<(mode: CountingMode) => void> = [];
  const { connection, ready } = connectForLimits(redis, log);
  await ready;
  const limiter = ResilientLimiter.create({
    shared: RedisLimiter.create({ connection, clock: systemClock }),
    local: InProcessLimiter.create({ clock: systemClock }),
    clock: systemClock,
    replicas,
    onMode: (mode, reason) => {
      if (mode === 'degraded') {
        log.error(
          { reason, replicas: replicas() },
          'Redis does not answer: limits are held to the share of this gateway, and budgets to what is declared for them',
        );
      } else {
        log.info('Redis answers again: limits are counted together');
      }
      listeners.forEach(listener => listener(modeOf(mode)));
    },
  });
  return {
    limiter,
    mode: () => modeOf(limiter.mode),
    waiting: () => limiter.waiting,
    onMode: listener => void listeners.push(listener),
    close: () => {
      limiter.close();
      connection.disconnect();
    },
  };
}

/** Connects to the Redis that is configured. `ready` says whether it answers by and by; it is tried for without end either way. */
export function connectForLimits(
  redis: RedisSettings,
  log: Log,
): { readonly connection: ScriptConnection; readonly ready: Promise<boolean> } {
  const connect = redis.cluster ? connectRedisCluster : connectRedis;
  const connection = connect(redis.url, error =>
    log.debug({ err: error }, 'Redis'),
  );
  return { connection, ready: untilReady(connection) };
}

function modeOf(mode: ResilientLimiter['mode']): CountingMode {
  return mode === 'normal' ? 'shared' : 'degraded';
}

function untilReady(connection: ScriptConnection): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), CONNECT_MS);
    const onReady = () => {
      clearTimeout(timer);
      resolve(true);
    };
    // The events of both are alike, and typed apart.
    if (connection instanceof Cluster) connection.once('ready', onReady);
    else connection.once('ready', onReady);
  });
}
