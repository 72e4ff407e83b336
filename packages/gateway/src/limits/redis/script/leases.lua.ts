/**
 * Leases: a sorted set of hold ids by expiry. They are given and ended at once, not at the end of the call as all else is written: Redis
 * says whether an id was among them, and the same again changes nothing.
 */
export const LEASES = `
local function loadLeases(key)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  return {
    kind = LEASES, key = key, spent = 0, reserved = redis.call('ZCARD', key), windowStart = NONE, resetMs = NONE,
    changed = false,
  }
end
local function lease(leases, id, expiresAt)
  leases.reserved = leases.reserved + redis.call('ZADD', leases.key, expiresAt, id)
  leases.changed = true
end
local function endLease(leases, id)
  leases.reserved = leases.reserved - redis.call('ZREM', leases.key, id)
end
local function saveLeases(leases)
  redis.call('PEXPIRE', leases.key, HOUR)
end
`;
