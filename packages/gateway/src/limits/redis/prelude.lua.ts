import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { CALENDAR_CATCH_UP, CLOCK_TOLERANCE_MS } from '../clock';
import { HOLD_MEMORY_MS, LEDGER_LAG_MS, RETRY_SOON_MS } from '../Limiter';
import { EXPIRY_SLICE_MS, RATE_WINDOW_MS, SLICE_MS } from '../slices';
import { BUDGETS } from './budgets.lua';
import { CALENDAR } from './calendar.lua';
import { CLOCK } from './clock.lua';
import { RATES } from './rates.lua';

/**
 * What the scripts have in common. They say in Lua what `InProcessLimiter` says in TypeScript; the property tests hold both against
 * `model.ts`.
 *
 * # Keys
 *
 * All under one prefix with one hash tag, and all passed as KEYS, so that a cluster takes the scripts:
 *
 * - `<prefix>:clock`: the time, packed as `{wall, now, calendar}`. Never lapses.
 * - `<prefix>:hold:<id>`: a hold, packed as `{closed, keptUntil, admittedAt, expiresAt, granted₁, windowStart₁, granted₂, …}`.
 * - `<prefix>:count:<counter>`: a rate, as a hash; a budget, packed; leases, as a sorted set of hold ids by expiry.
 *
 * Packed is by MessagePack, which Redis brings, and which keeps whole numbers exact up to 2⁵³, unlike JSON as Redis writes it. `-1` stands
 * for `null`.
 *
 * # Lapsing
 *
 * Everything but the clock has a time to live, longer than it matters, because Redis goes by its wall clock there. A wall clock that
 * jumps forward by more makes Redis drop keys: budgets are unknown then, and seeded from the ledger; rates and leases begin at nothing.
 *
 * # Arithmetic
 *
 * Amounts are at most 2⁵³ − 1 and sums are kept from passing it, so no double ever rounds.
 */
export const PRELUDE = `
local MAX = ${MAX_AMOUNT}
local SLICE, RATE_WINDOW, EXPIRY_SLICE = ${SLICE_MS}, ${RATE_WINDOW_MS}, ${EXPIRY_SLICE_MS}
local TOLERANCE, CATCH_UP = ${CLOCK_TOLERANCE_MS}, ${CALENDAR_CATCH_UP}
local MEMORY, LAG, SOON = ${HOLD_MEMORY_MS}, ${LEDGER_LAG_MS}, ${RETRY_SOON_MS}
local MINUTE, HOUR, DAY = 60000, 3600000, 86400000
local NONE = -1
local floor, ceil, min, max = math.floor, math.ceil, math.min, math.max
${CLOCK}${CALENDAR}${RATES}${BUDGETS}
-- Counters by window: 'r' rate, 'c' leases, others budgets.
local function isBudget(window) return window ~= 'r' and window ~= 'c' end
local function load(key, window)
  if window == 'r' then return loadRate(key) end
  if window ~= 'c' then return loadBudget(key, window) end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  return {key = key, window = window}
end
local function spentAndReserved(counter)
  if counter.window == 'r' then return counter.total, 0 end
  if counter.window == 'c' then return 0, redis.call('ZCARD', counter.key) end
  return counter.t[2], counter.t[5]
end
local function lease(key, id, expiresAt)
  redis.call('ZADD', key, expiresAt, id)
  redis.call('PEXPIRE', key, HOUR)
end

-- Holds; nil when there is none to be known.
local HOLD_HEAD = 4
local function expiryOf(ttl) return ceil((now + ttl) / EXPIRY_SLICE) * EXPIRY_SLICE end
local function loadHold()
  local packed = redis.call('GET', KEYS[2])
  if not packed then return nil end
  local hold = cmsgpack.unpack(packed)
  if hold[2] < now then return nil end
  return hold
end
local function saveHold(hold, closed)
  hold[1] = closed
  hold[2] = max(hold[4], now) + MEMORY
  redis.call('SET', KEYS[2], cmsgpack.pack(hold), 'PX', hold[2] - now + MINUTE)
end

-- Replies are one text; see Reply.ts. Lua itself writes 14 digits of a number, so that most need no care, which costs more than the rest.
local PLAIN = 1e14
local function answer(reply)
  for i = 1, #reply do
    local value = reply[i]
    if type(value) == 'number' and (value >= PLAIN or value % 1 ~= 0) then
      reply[i] = string.format('%.0f', value)
    end
  end
  return table.concat(reply, ' ')
end
`;
