/**
 * Asked: hold, time to live, count; for each entry counter, limit, amount, least.
 *
 * Told, after the outcome: `needs-seed` a count, and for each the place among the entries and the start of the window; `refused` a count, and
 * for each the place, spent, reserved, resetMs, windowStart, clearsInMs, retryAfterMs; `admitted` and `repeated` admittedAt, expiresAt, and for
 * each entry granted, spent, reserved, resetMs, windowStart.
 */
export const RESERVE = `
local function tellStanding(counter)
  told[size + 1], told[size + 2], told[size + 3], told[size + 4] =
    counter.spent, counter.reserved, counter.resetMs, counter.windowStart
  size = size + 4
end
-- When it would fit, at the latest; and when to try.
local function clearingOf(counter, limit, least)
  if least > limit then return NONE, NONE end
  local needed = least - (limit - counter.spent - counter.reserved)
  if counter.kind == RATE then
    local ms = rateLapseOf(rateFreeing(counter, needed)) - now
    return ms, ms
  end
  if counter.kind == LEASES then
    local last = redis.call('ZRANGE', counter.key, needed - 1, needed - 1, 'WITHSCORES')
    local ms = tonumber(last[2]) - now
    return ms, min(ms, SOON)
  end
  local untilEnd = counter.resetMs
  if least > limit - counter.spent then return untilEnd, untilEnd end
  local ms = budgetFreeingAt(counter, needed) - now
  if untilEnd ~= NONE then ms = min(ms, untilEnd) end
  return ms, min(ms, SOON)
end

local function reserve()
  local place, ttl, count, first = asked[at], asked[at + 1], asked[at + 2], at + 3
  local last = first + 4 * (count - 1)
  at = last + 4

  local hold = holdAt(place)
  if hold then
    if hold[1] == 1 or hold[4] <= now then return tell(CLOSED) end
    if #hold ~= HOLD_HEAD + 2 * count then return tell(OTHER_ENTRIES) end
    tell(REPEATED)
    tell(hold[3])
    tell(hold[4])
    for n = 1, count do
      tell(hold[HOLD_HEAD + 2 * n - 1])
      tell(hold[HOLD_HEAD + 2 * n])
      tellStanding(counterAt(asked[first + 4 * (n - 1)]))
    end
    return
  end

  local unseeded, short = 0, 0
  for a = first, last, 4 do
    local counter = counters[asked[a]] or counterAt(asked[a])
    if counter.seededAt == NONE then unseeded = unseeded + 1 end
    if asked[a + 1] - counter.spent - counter.reserved < asked[a + 3] then short = short + 1 end
  end
  if unseeded > 0 then
    tell(NEEDS_SEED)
    tell(unseeded)
    for n = 1, count do
      local counter = counterAt(asked[first + 4 * (n - 1)])
      if counter.kind == BUDGET and counter.seededAt == NONE then
        tell(n)
        tell(counter.windowStart)
      end
    end
    return
  end
  if short > 0 then
    tell(REFUSED)
    tell(short)
    for n = 1, count do
      local a = first + 4 * (n - 1)
      local counter, limit, least = counterAt(asked[a]), asked[a + 1], asked[a + 3]
      if limit - counter.spent - counter.reserved < least then
        tell(n)
        tellStanding(counter)
        local clearsInMs, retryAfterMs = clearingOf(counter, limit, least)
        tell(clearsInMs)
        tell(retryAfterMs)
      end
    end
    return
  end

  local expiresAt = expiryOf(ttl)
  local hold, n, told, m = newHold(count), HOLD_HEAD, told, size + 3
  told[size + 1], told[size + 2], told[m] = ADMITTED, now, expiresAt
  for a = first, last, 4 do
    local counter = counters[asked[a]]
    local granted = min(asked[a + 2], asked[a + 1] - counter.spent - counter.reserved)
    if counter.kind == RATE then
      bookRate(counter, CURRENT, granted)
    elseif counter.kind == BUDGET then
      reserveBudget(counter, expiresAt, granted)
    else
      lease(counter, holdIdAt(place), expiresAt)
    end
    local windowStart = counter.windowStart
    hold[n + 1], hold[n + 2] = granted, windowStart
    n = n + 2
    told[m + 1], told[m + 2], told[m + 3], told[m + 4], told[m + 5] =
      granted, counter.spent, counter.reserved, counter.resetMs, windowStart
    m = m + 5
  end
  size = m
  hold[3], hold[4] = now, expiresAt
  keepHold(place, hold, 0)
end
`;
