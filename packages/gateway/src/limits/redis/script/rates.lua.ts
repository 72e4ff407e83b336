/**
 * Rates, as `RateState` says. A hash of `total`, `oldest`, `newest` and the amount of each slice. Nothing reads all slices but a refusal, so
 * that the cost of an admission does not grow with them; what was read of them is kept in `slices` until the end of the call, and what
 * changed is written then.
 *
 * `oldest` is a bound: no slice is older. `blank` says that nothing of what Redis has of it counts.
 */
export const RATES = `
local function sliceOf(time) return floor(time / SLICE) end
local function rateLapseOf(slice) return (slice + 1) * SLICE + RATE_WINDOW end
local CURRENT = sliceOf(now)

local function amountAt(rate, slice)
  local amount = rate.slices[slice]
  if not amount then
    amount = not rate.blank and tonumber(redis.call('HGET', rate.key, slice) or 0) or 0
    rate.slices[slice] = amount
  end
  return amount
end
local function setAmount(rate, slice, amount)
  rate.slices[slice], rate.changes[slice], rate.changed = amount, amount, true
end
local function emptyRate(rate)
  rate.spent, rate.resetMs, rate.oldest, rate.newest = 0, 0, nil, nil
  rate.slices, rate.changes, rate.blank = {}, {}, true
end
-- Reads what is not known yet of a row of slices.
local function lookAt(rate, from, to)
  if rate.blank then return end
  local unknown = {}
  for slice = from, to do
    if not rate.slices[slice] then unknown[#unknown + 1] = slice end
  end
  for first = 1, #unknown, 64 do
    local last = min(first + 63, #unknown)
    local amounts = redis.call('HMGET', rate.key, unpack(unknown, first, last))
    for i = 1, #amounts do rate.slices[unknown[first + i - 1]] = tonumber(amounts[i] or 0) end
  end
end

local function loadRate(key)
  local rate = {kind = RATE, key = key, reserved = 0, windowStart = NONE, changed = false}
  local head = redis.call('HMGET', key, 'total', 'oldest', 'newest', CURRENT)
  local newest = tonumber(head[3] or 0)
  if not head[1] or rateLapseOf(newest) <= now then
    emptyRate(rate)
    -- To be written even if nothing else is: what is there has lapsed.
    rate.changed = head[1] ~= false
    return rate
  end
  rate.spent, rate.oldest, rate.newest, rate.written = tonumber(head[1]), tonumber(head[2]), newest, newest
  rate.slices, rate.changes = {[CURRENT] = tonumber(head[4] or 0)}, {}
  rate.resetMs = rateLapseOf(newest) - now
  if rateLapseOf(rate.oldest) <= now then
    local last = floor((now - RATE_WINDOW) / SLICE) - 1
    lookAt(rate, rate.oldest, last)
    for slice = rate.oldest, last do
      local amount = rate.slices[slice]
      if amount > 0 then
        rate.spent = rate.spent - amount
        setAmount(rate, slice, 0)
      end
    end
    rate.oldest, rate.changed = last + 1, true
  end
  return rate
end

local function bookRate(rate, slice, amount)
  amount = min(amount, MAX - rate.spent)
  if amount == 0 then return end
  setAmount(rate, slice, amountAt(rate, slice) + amount)
  rate.spent = rate.spent + amount
  if not rate.newest then
    rate.oldest, rate.newest = slice, slice
  elseif slice > rate.newest then
    rate.newest = slice
  elseif slice < rate.oldest then
    rate.oldest = slice
  else
    return
  end
  rate.resetMs = rateLapseOf(rate.newest) - now
end

local function takeRate(rate, slice, amount)
  local there = amountAt(rate, slice)
  amount = min(amount, there)
  if amount == 0 then return end
  if amount == rate.spent then
    emptyRate(rate)
    rate.changed = true
    return
  end
  setAmount(rate, slice, there - amount)
  rate.spent = rate.spent - amount
  while rate.newest > rate.oldest and amountAt(rate, rate.newest) == 0 do rate.newest = rate.newest - 1 end
  rate.resetMs = rateLapseOf(rate.newest) - now
end

-- The slice with whose lapse so much is free.
local function rateFreeing(rate, needed)
  lookAt(rate, rate.oldest, rate.newest)
  local freed = 0
  for slice = rate.oldest, rate.newest do
    freed = freed + amountAt(rate, slice)
    if freed >= needed then return slice end
  end
end

local function saveRate(rate)
  local key = rate.key
  if rate.blank then redis.call('DEL', key) end
  if rate.spent == 0 then return end
  local written, gone = {'total', rate.spent, 'oldest', rate.oldest, 'newest', rate.newest}, {}
  for slice, amount in pairs(rate.changes) do
    if amount > 0 then
      written[#written + 1] = slice
      written[#written + 1] = amount
    else
      gone[#gone + 1] = slice
    end
  end
  redis.call('HSET', key, unpack(written))
  if #gone > 0 then redis.call('HDEL', key, unpack(gone)) end
  if rate.blank or rate.newest ~= rate.written then redis.call('PEXPIRE', key, HOUR) end
end
`;
