import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { CALENDAR_CATCH_UP, CLOCK_TOLERANCE_MS } from '../clock';
import { HOLD_MEMORY_MS, LEDGER_LAG_MS, RETRY_SOON_MS } from '../Limiter';
import { RATE_WINDOW_MS, SLICE_MS } from '../slices';

/**
 * What the scripts have in common. It says in Lua what `clock.ts`, `slices.ts` and `inProcess/*State.ts` say in TypeScript; the
 * property tests hold both against `model.ts`.
 *
 * # Keys
 *
 * All under one prefix with one hash tag, and all passed as KEYS, so that a cluster takes the scripts:
 *
 * - `<prefix>:clock`: the time, packed as `{wall, now, calendar}`. Never lapses.
 * - `<prefix>:hold:<id>`: a hold, packed as `{closed, keptUntil, admittedAt, expiresAt, granted₁, windowStart₁, granted₂, …}`
 * - `<prefix>:count:<counter>`: a rate, packed as `{slice₁, amount₁, slice₂, …}`; a budget, packed as
 *   `{windowStart, spent, seededAt, strayAt, slice₁, amount₁, …}`; leases, as a sorted set of hold ids by expiry.
 *
 * Packed is by MessagePack, which Redis brings: one GET and one SET a counter, and whole numbers stay exact up to 2⁵³, unlike in JSON as
 * Redis writes it. `-1` stands for `null`.
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
local SLICE, RATE_WINDOW = ${SLICE_MS}, ${RATE_WINDOW_MS}
local TOLERANCE, CATCH_UP = ${CLOCK_TOLERANCE_MS}, ${CALENDAR_CATCH_UP}
local MEMORY, LAG, SOON = ${HOLD_MEMORY_MS}, ${LEDGER_LAG_MS}, ${RETRY_SOON_MS}
local MINUTE, HOUR, DAY = 60000, 3600000, 86400000
local NONE = -1
local floor, ceil, min, max = math.floor, math.ceil, math.min, math.max

-- ARGV[1]: milliseconds since the last operation of this client, or -1. ARGV[2]: the wall clock, or '' for Redis's own.
local function tick()
  local wall
  if ARGV[2] == '' then
    local t = redis.call('TIME')
    wall = t[1] * 1000 + floor(t[2] / 1000)
  else
    wall = tonumber(ARGV[2])
  end
  local since = tonumber(ARGV[1])
  local packed = redis.call('GET', KEYS[1])
  local now, calendar = wall, wall
  if packed then
    local last = cmsgpack.unpack(packed)
    local passed = max(0, wall - last[1])
    if since ~= NONE then passed = min(passed, since + TOLERANCE) end
    now = last[2] + passed
    calendar = max(last[3], min(wall, last[3] + CATCH_UP * passed))
  end
  redis.call('SET', KEYS[1], cmsgpack.pack({wall, now, calendar}))
  return now, calendar
end
local now, calendar = tick()

-- Replies are one text; see Reply.ts.
local function answer(reply)
  for i = 1, #reply do
    if type(reply[i]) == 'number' then reply[i] = string.format('%.0f', reply[i]) end
  end
  return table.concat(reply, ' ')
end

-- The first day of a month and the month of a day, after http://howardhinnant.github.io/date_algorithms.html
local function monthOf(days)
  local z = days + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  return yoe + era * 400 + (month <= 2 and 1 or 0), month
end
local function firstDayOf(year, month)
  if month > 12 then year, month = year + 1, month - 12 end
  if month <= 2 then year = year - 1 end
  local era = floor(year / 400)
  local yoe = year - era * 400
  local doy = floor((153 * ((month + 9) % 12) + 2) / 5)
  return era * 146097 + yoe * 365 + floor(yoe / 4) - floor(yoe / 100) + doy - 719468
end

-- Windows: 'r' rate, 'c' leases; 'd' day, 'w' week, 'm' month, 't' total.
local function startOf(window, at)
  local days = floor(at / DAY)
  if window == 'd' then return days * DAY end
  if window == 'w' then return (days - (days + 3) % 7) * DAY end
  if window == 'm' then return firstDayOf(monthOf(days)) * DAY end
  return 0
end
local function endOf(window, start)
  if window == 'd' then return start + DAY end
  if window == 'w' then return start + 7 * DAY end
  if window == 'm' then
    local year, month = monthOf(start / DAY)
    return firstDayOf(year, month + 1) * DAY
  end
  return nil
end

local function sliceOf(at) return floor(at / SLICE) end
local function rateLapseOf(slice) return (slice + 1) * SLICE + RATE_WINDOW end
local function expiryOf(ttl) return ceil((now + ttl) / SLICE) * SLICE end

-- Slices lie flat in a table, after a head: slice, amount, slice, amount, …, oldest first.
local function dropSlices(t, head, lapsed)
  local n = #t
  local kept = head + 1
  while kept <= n and lapsed(t[kept]) do kept = kept + 2 end
  local gone = kept - head - 1
  if gone > 0 then
    for i = head + 1, n do t[i] = t[i + gone] end
  end
end
local function totalOf(t, head)
  local total = 0
  for i = head + 2, #t, 2 do total = total + t[i] end
  return total
end
local function addSlice(t, head, slice, asked)
  local amount = min(asked, MAX - totalOf(t, head))
  if amount == 0 then return end
  local i = #t - 1
  while i > head and t[i] > slice do i = i - 2 end
  if i > head and t[i] == slice then
    t[i + 1] = t[i + 1] + amount
  else
    table.insert(t, i + 2, slice)
    table.insert(t, i + 3, amount)
  end
end
local function takeSlice(t, head, slice, asked)
  local i = #t - 1
  while i > head and t[i] > slice do i = i - 2 end
  if i <= head or t[i] ~= slice then return end
  t[i + 1] = t[i + 1] - min(asked, t[i + 1])
  if t[i + 1] == 0 then
    table.remove(t, i)
    table.remove(t, i)
  end
end
local function sliceFreeing(t, head, needed)
  local freed = 0
  for i = head + 1, #t, 2 do
    freed = freed + t[i + 1]
    if freed >= needed then return t[i] end
  end
  return nil
end
local function rateLapsed(slice) return rateLapseOf(slice) <= now end
local function expired(slice) return slice * SLICE <= now end

-- Counters: {key, window, t}, where t is a rate's slices or a budget's head of four with its slices.
local BUDGET_HEAD = 4
local function save(counter)
  local window, t = counter.window, counter.t
  if window == 'r' then
    if #t == 0 then
      redis.call('DEL', counter.key)
    else
      redis.call('SET', counter.key, cmsgpack.pack(t), 'PX', HOUR)
    end
  elseif window ~= 'c' then
    local finish = endOf(window, t[1])
    local ttl = finish and endOf(window, finish) - calendar + DAY or 31 * DAY
    redis.call('SET', counter.key, cmsgpack.pack(t), 'PX', max(ttl, DAY))
  end
end
local function load(key, window)
  if window == 'c' then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
    return {key = key, window = window}
  end
  local packed = redis.call('GET', key)
  local t
  if window == 'r' then
    t = packed and cmsgpack.unpack(packed) or {}
    dropSlices(t, 0, rateLapsed)
    return {key = key, window = window, t = t}
  end
  local start = startOf(window, calendar)
  if packed then
    t = cmsgpack.unpack(packed)
    if start > t[1] then
      local seededAt = endOf(window, t[1]) == start and t[3] or NONE
      t = {start, 0, seededAt, NONE}
      -- At once, whatever else is done: a counter is idle for a window only if nobody looked at it.
      save({key = key, window = window, t = t})
    end
    dropSlices(t, BUDGET_HEAD, expired)
  else
    t = {start, 0, NONE, NONE}
  end
  return {key = key, window = window, t = t}
end
local function spentAndReserved(counter)
  if counter.window == 'r' then return totalOf(counter.t, 0), 0 end
  if counter.window == 'c' then return 0, redis.call('ZCARD', counter.key) end
  return counter.t[2], totalOf(counter.t, BUDGET_HEAD)
end
local function isBudget(window) return window ~= 'r' and window ~= 'c' end
local function lease(key, id, expiresAt)
  redis.call('ZADD', key, expiresAt, id)
  redis.call('PEXPIRE', key, HOUR)
end

-- Holds: {closed, keptUntil, admittedAt, expiresAt, granted, windowStart, …}, nil when there is none to be known.
local HOLD_HEAD = 4
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
`;
