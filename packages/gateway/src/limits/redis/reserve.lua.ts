import { PRELUDE } from './prelude.lua';

/**
 * KEYS: clock, hold, one for each entry. ARGV: since, wall, hold id, time to live; for each entry window, limit, amount, least.
 *
 * Answers `{'closed'}`, or `{'other-entries'}` for a repeat with more or fewer entries, or
 * `{'needs-seed', n₁, windowStart₁, n₂, …}` with the places of the counters among the entries, or
 * `{'refused', n, spent, reserved, resetMs, windowStart, clearsInMs, retryAfterMs, …}`, or
 * `{'admitted' or 'repeated', admittedAt, expiresAt, granted₁, windowStart₁, …, spent₁, reserved₁, resetMs₁, windowStart₁, …}`.
 */
export const RESERVE = `${PRELUDE}
local id, ttl = ARGV[3], tonumber(ARGV[4])
local count = #KEYS - 2

local counters = {}
for n = 1, count do counters[n] = load(KEYS[n + 2], ARGV[1 + 4 * n]) end

local function resetMs(counter)
  if counter.window == 'r' then
    return counter.newest and rateLapseOf(counter.newest) - now or 0
  end
  local finish = counter.window ~= 'c' and endOf(counter.window, counter.t[1])
  return finish and finish - calendar or NONE
end
local function appendStanding(reply, counter)
  local spent, reserved = spentAndReserved(counter)
  local m = #reply
  reply[m + 1], reply[m + 2], reply[m + 3] = spent, reserved, resetMs(counter)
  reply[m + 4] = isBudget(counter.window) and counter.t[1] or NONE
end
local function admitted(outcome, hold)
  local reply = {outcome, hold[3], hold[4]}
  for i = HOLD_HEAD + 1, #hold do reply[#reply + 1] = hold[i] end
  for n = 1, count do appendStanding(reply, counters[n]) end
  return reply
end

local hold = loadHold()
if hold then
  if hold[1] == 1 or hold[4] <= now then return answer({'closed'}) end
  if #hold ~= HOLD_HEAD + 2 * count then return answer({'other-entries'}) end
  return answer(admitted('repeated', hold))
end

local unseeded = {'needs-seed'}
for n = 1, count do
  local counter = counters[n]
  if isBudget(counter.window) and counter.t[3] == NONE then
    unseeded[#unseeded + 1] = n
    unseeded[#unseeded + 1] = counter.t[1]
  end
end
if #unseeded > 1 then return answer(unseeded) end

-- When it would fit, at the latest; and when to try.
local function clearing(counter, limit, least)
  if least > limit then return NONE, NONE end
  local spent, reserved = spentAndReserved(counter)
  local needed = least - (limit - spent - reserved)
  if counter.window == 'r' then
    local at = rateLapseOf(rateFreeing(counter, needed)) - now
    return at, at
  end
  if counter.window == 'c' then
    local last = redis.call('ZRANGE', counter.key, needed - 1, needed - 1, 'WITHSCORES')
    local at = tonumber(last[2]) - now
    return at, min(at, SOON)
  end
  local untilEnd = resetMs(counter)
  if least > limit - spent then return untilEnd, untilEnd end
  local at = budgetFreeingAt(counter, needed) - now
  if untilEnd ~= NONE then at = min(at, untilEnd) end
  return at, min(at, SOON)
end

local refused = {'refused'}
local granted = {}
for n = 1, count do
  local counter = counters[n]
  local a = 1 + 4 * n
  local limit, amount, least = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local spent, reserved = spentAndReserved(counter)
  local left = limit - spent - reserved
  if left < least then
    refused[#refused + 1] = n
    appendStanding(refused, counter)
    local m = #refused
    refused[m + 1], refused[m + 2] = clearing(counter, limit, least)
  end
  granted[n] = min(amount, left)
end
if #refused > 1 then return answer(refused) end

hold = {0, 0, now, expiryOf(ttl)}
for n = 1, count do
  local counter = counters[n]
  if counter.window == 'r' then
    bookRate(counter, sliceOf(now), granted[n])
  elseif counter.window == 'c' then
    lease(counter.key, id, hold[4])
  else
    reserveBudget(counter, hold[4], granted[n])
    saveBudget(counter)
  end
  hold[#hold + 1] = granted[n]
  hold[#hold + 1] = isBudget(counter.window) and counter.t[1] or NONE
end
saveHold(hold, 0)
return answer(admitted('admitted', hold))
`;
