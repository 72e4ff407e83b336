/** Counters and holds by their places among KEYS, each read once in a call and written once, at its end, if it changed. */
export const COUNTERS = `
-- ARGV[3]: a letter for each key: 'r' rate, 'c' leases, 'd', 'w', 'm' and 't' budgets; others are not counters.
local function letterAt(place) return string.sub(ARGV[3], place, place) end
local counters, countersRead = {}, {}
local function counterAt(place)
  local counter = counters[place]
  if counter then return counter end
  local key, window = KEYS[place], letterAt(place)
  if window == 'r' then
    counter = loadRate(key)
  elseif window == 'c' then
    counter = loadLeases(key)
  else
    counter = loadBudget(key, window)
  end
  counters[place] = counter
  countersRead[#countersRead + 1] = counter
  return counter
end

-- {closed, keptUntil, admittedAt, expiresAt, granted, windowStart, granted, …}; false when there is none to be known.
local HOLD_HEAD = 4
local BLANK = {}
local holds, changedHolds = {}, {}
local function expiryOf(ttl) return ceil((now + ttl) / EXPIRY_SLICE) * EXPIRY_SLICE end
local function holdAt(place)
  local hold = holds[place]
  if hold ~= nil then return hold end
  local text = redis.call('GET', KEYS[place])
  hold = text and cmsgpack.unpack(text)
  if hold and hold[2] < now then hold = false end
  holds[place] = hold
  return hold
end
-- A row as long as it will be: one that grows is made anew time and again.
local function newHold(count)
  return {unpack(BLANK, 1, HOLD_HEAD + 2 * count)}
end
local function keepHold(place, hold, closed)
  hold[1], hold[2] = closed, max(hold[4], now) + MEMORY
  holds[place] = hold
  changedHolds[place] = true
end
-- admittedAt, expiresAt, granted, windowStart, granted, …
local function tellHold(hold)
  for i = 3, #hold do tell(hold[i]) end
end
-- What follows the prefix: ':hold:' is as long as ':clock'.
local function holdIdAt(place) return string.sub(KEYS[place], #KEYS[1] + 1) end

local function save()
  for i = 1, #countersRead do
    local counter = countersRead[i]
    if counter.changed then
      if counter.kind == RATE then
        saveRate(counter)
      elseif counter.kind == LEASES then
        saveLeases(counter)
      else
        saveBudget(counter)
      end
    end
  end
  for place in pairs(changedHolds) do
    local hold = holds[place]
    redis.call('SET', KEYS[place], cmsgpack.pack(hold), 'PX', hold[2] - now + MINUTE)
  end
end
`;
