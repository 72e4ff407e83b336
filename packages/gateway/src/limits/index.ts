export type { Breaker, BreakerSettings } from './breaker';
export { systemClock, type Clock } from './clock';
export * from './CompletionHistories';
export * from './estimate';
export * from './InProcessLimiter';
export * from './Limiter';
export { connectRedis } from './redis/connectRedis';
export { RedisLimiter, type RedisLimiterOptions } from './redis/RedisLimiter';
export * from './ResilientLimiter';
