/** Slices that a rate has room for: more than ever count at one time. */
export const RATE_SLOTS = 64;

/**
 * Rates, as `RateState` says. A row of doubles of eight bytes: `total`, `oldest`, `newest`, the amount of the newest slice; then the amounts of
 * the slices before it, each at its number modulo 64. So an admission reads and writes the head alone, which holds all that it needs, however
 * many slices there are; a slice is put in its place when a newer one follows it. Refusals, and what is booked late, read all.
 *
 * `oldest` is a bound: no slice is older. All places outside of `oldest` to `newest` hold zero, since what has lapsed is taken out before
 * anything else is done. `blank` says that nothing of what Redis has of it counts.
 */
export const RATES = `
local function sliceOf(time) return floor(time / SLICE) end
local function rateLapseOf(slice) return (slice + 1) * SLICE + RATE_WINDOW end
local CURRENT = sliceOf(now)
local RATE_SLOTS, HEAD_BYTES = ${RATE_SLOTS}, 32
local ALL_SLOTS = '<' .. string.rep('d', RATE_SLOTS)

-- The amounts by place, which begin at 1.
local function slotsOf(rate)
  local slots = rate.slots
  if slots then return slots end
  local text = not rate.blank and redis.call('GETRANGE', rate.key, HEAD_BYTES, -1) or ''
  local missing = RATE_SLOTS * 8 - #text
  if missing > 0 then text = text .. string.rep('\\0', missing) end
  slots = {struct.unpack(ALL_SLOTS, text)}
  if rate.pushed then slots[rate.pushed % RATE_SLOTS + 1] = rate.pushedAmount end
  rate.slots = slots
  return slots
end
local function amountAt(rate, slice)
  if slice == rate.newest then return rate.top end
  if slice < rate.oldest or slice > rate.newest then return 0 end
  return slotsOf(rate)[slice % RATE_SLOTS + 1]
end
local function emptyRate(rate)
  rate.spent, rate.resetMs, rate.oldest, rate.newest, rate.top = 0, 0, nil, nil, 0
  rate.slots, rate.slotsChanged, rate.pushed, rate.blank = nil, false, nil, true
end
local function setSlot(rate, slice, amount)
  slotsOf(rate)[slice % RATE_SLOTS + 1], rate.slotsChanged = amount, true
end

local function loadRate(key)
  local rate = {
    kind = RATE, key = key, spent = 0, reserved = 0, resetMs = 0, windowStart = NONE, oldest = nil, newest = nil, top = 0,
    changed = false, blank = false, slots = nil, slotsChanged = false, pushed = nil, pushedAmount = 0, written = nil,
  }
  local head = redis.call('GETRANGE', key, 0, HEAD_BYTES - 1)
  if #head < HEAD_BYTES then
    emptyRate(rate)
    return rate
  end
  local spent, oldest, newest, top = struct.unpack('<dddd', head)
  -- What nobody could have written is not believed: it is of a clock that was lost, or of somebody else.
  local believable = newest <= CURRENT and oldest <= newest and newest - oldest < 2 * RATE_SLOTS
  if not believable or rateLapseOf(newest) <= now then
    emptyRate(rate)
    -- To be written even if nothing else is: what is there has lapsed.
    rate.changed = true
    return rate
  end
  rate.spent, rate.oldest, rate.newest, rate.top, rate.written = spent, oldest, newest, top, newest
  rate.resetMs = rateLapseOf(newest) - now
  if rateLapseOf(oldest) <= now then
    local from = floor((now - RATE_WINDOW) / SLICE)
    for slice = oldest, from - 1 do
      local amount = amountAt(rate, slice)
      if amount > 0 then
        rate.spent = rate.spent - amount
        setSlot(rate, slice, 0)
      end
    end
    rate.oldest, rate.changed = from, true
  end
  return rate
end

local function bookRate(rate, slice, amount)
  local spent, newest = rate.spent, rate.newest
  if amount > MAX - spent then amount = MAX - spent end
  if amount == 0 then return end
  rate.spent, rate.changed = spent + amount, true
  if slice == newest then
    rate.top = rate.top + amount
  elseif not newest then
    rate.oldest, rate.newest, rate.top = slice, slice, amount
    rate.resetMs = rateLapseOf(slice) - now
  elseif slice > newest then
    if rate.slots or rate.pushed then
      setSlot(rate, newest, rate.top)
    else
      rate.pushed, rate.pushedAmount = newest, rate.top
    end
    rate.newest, rate.top = slice, amount
    rate.resetMs = rateLapseOf(slice) - now
  else
    local sum = amountAt(rate, slice) + amount
    rate.oldest = min(rate.oldest, slice)
    setSlot(rate, slice, sum)
  end
end

local function takeRate(rate, slice, amount)
  if not rate.newest then return end
  local there = amountAt(rate, slice)
  amount = min(amount, there)
  if amount == 0 then return end
  rate.changed = true
  if amount == rate.spent then return emptyRate(rate) end
  rate.spent = rate.spent - amount
  if slice ~= rate.newest then return setSlot(rate, slice, there - amount) end
  rate.top = there - amount
  if rate.top > 0 then return end
  repeat
    rate.newest = rate.newest - 1
    rate.top = slotsOf(rate)[rate.newest % RATE_SLOTS + 1]
  until rate.top > 0 or rate.newest <= rate.oldest
  setSlot(rate, rate.newest, 0)
  rate.resetMs = rateLapseOf(rate.newest) - now
end

-- The slice with whose lapse so much is free.
local function rateFreeing(rate, needed)
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
  local head = struct.pack('<dddd', rate.spent, rate.oldest, rate.newest, rate.top)
  if rate.slotsChanged then
    redis.call('SETRANGE', key, 0, head .. struct.pack(ALL_SLOTS, unpack(rate.slots, 1, RATE_SLOTS)))
  else
    redis.call('SETRANGE', key, 0, head)
    if rate.pushed then
      redis.call('SETRANGE', key, HEAD_BYTES + rate.pushed % RATE_SLOTS * 8, struct.pack('<d', rate.pushedAmount))
    end
  end
  if rate.blank or rate.newest ~= rate.written then redis.call('PEXPIRE', key, HOUR) end
end
`;
