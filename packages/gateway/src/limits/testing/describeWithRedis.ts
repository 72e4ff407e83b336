/**
 * Describes what needs a `redis-server`. Where there is none it is skipped, and `npm test` says so at its start; never in CI, where a machine
 * without one fails.
 */
export const describeWithRedis =
  process.env.AI_GATEWAY_TEST_WITHOUT_REDIS === '1' ? describe.skip : describe;
