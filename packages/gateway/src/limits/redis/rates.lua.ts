/**
 * Rates, as `RateState` says. A hash of `total`, `oldest`, `newest` and the amount of each slice; what is booked, taken and lapsed is
 * written at once. Nothing reads all slices but a refusal, so the cost of an admission does not grow with them. The current slice is read
 * along with the head, since that is where almost everything is booked: one call reads, and one writes.
 *
 * `oldest` is a bound: no slice is older.
 */
export const RATES = `
local function sliceOf(at) return floor(at / SLICE) end
local function rateLapseOf(slice) return (slice + 1) * SLICE + RATE_WINDOW end
local function amountsOf(key, from, to)
  local fields = {}
  for slice = from, to do fields[#fields + 1] = slice end
  return redis.call('HMGET', key, unpack(fields))
end

local function loadRate(key)
  local current = sliceOf(now)
  local rate = {key = key, window = 'r', total = 0, current = current, there = 0}
  local head = redis.call('HMGET', key, 'total', 'oldest', 'newest', current)
  if not head[1] then return rate end
  local total, oldest, newest = tonumber(head[1]), tonumber(head[2]), tonumber(head[3])
  if rateLapseOf(newest) <= now then
    redis.call('DEL', key)
    return rate
  end
  if rateLapseOf(oldest) <= now then
    local last = floor((now - RATE_WINDOW) / SLICE) - 1
    local amounts = amountsOf(key, oldest, last)
    local gone = {}
    for i = 1, #amounts do
      if amounts[i] then
        total = total - amounts[i]
        gone[#gone + 1] = oldest + i - 1
      end
    end
    if #gone > 0 then redis.call('HDEL', key, unpack(gone)) end
    oldest = last + 1
    redis.call('HSET', key, 'total', total, 'oldest', oldest)
  end
  rate.total, rate.oldest, rate.newest = total, oldest, newest
  rate.there = tonumber(head[4] or 0)
  return rate
end

local function bookRate(rate, slice, asked)
  local amount = min(asked, MAX - rate.total)
  if amount == 0 then return end
  local key, oldest, newest = rate.key, rate.oldest, rate.newest
  rate.total = rate.total + amount
  rate.oldest = min(oldest or slice, slice)
  rate.newest = max(newest or slice, slice)
  if slice ~= rate.current then
    redis.call('HINCRBY', key, slice, amount)
    redis.call('HSET', key, 'total', rate.total, 'oldest', rate.oldest, 'newest', rate.newest)
  else
    rate.there = rate.there + amount
    if rate.oldest == oldest and rate.newest == newest then
      redis.call('HSET', key, slice, rate.there, 'total', rate.total)
    else
      redis.call('HSET', key, slice, rate.there, 'total', rate.total, 'oldest', rate.oldest, 'newest', rate.newest)
    end
  end
  if rate.newest ~= newest then redis.call('PEXPIRE', key, HOUR) end
end

local function takeRate(rate, slice, asked)
  local key = rate.key
  local there = tonumber(redis.call('HGET', key, slice) or 0)
  local amount = min(asked, there)
  if amount == 0 then return end
  if slice == rate.current then rate.there = there - amount end
  rate.total = rate.total - amount
  if rate.total == 0 then
    redis.call('DEL', key)
    rate.oldest, rate.newest = nil, nil
    return
  end
  if amount < there then
    redis.call('HINCRBY', key, slice, -amount)
  else
    redis.call('HDEL', key, slice)
    while redis.call('HEXISTS', key, rate.newest) == 0 do rate.newest = rate.newest - 1 end
  end
  redis.call('HSET', key, 'total', rate.total, 'newest', rate.newest)
end

-- The slice with whose lapse so much is free.
local function rateFreeing(rate, needed)
  local freed = 0
  for from = rate.oldest, rate.newest, 64 do
    local amounts = amountsOf(rate.key, from, min(from + 63, rate.newest))
    for i = 1, #amounts do
      freed = freed + (amounts[i] or 0)
      if freed >= needed then return from + i - 1 end
    end
  end
end
`;
