import { PRELUDE } from './prelude.lua';

/**
 * KEYS: clock, hold, one for each entry. ARGV: since, wall, hold id, admittedAt, expiresAt, age; for each entry window, granted,
 * windowStart, actual.
 *
 * Answers `{'repeated'}`, or `{'too-late'}`, or `{'settled', n₁, windowStart₁, spent₁, …}` with the places of the budgets that were
 * settled in the window they are in.
 */
export const SETTLE = `${PRELUDE}
local id = ARGV[3]
local hold = loadHold()
if hold and hold[1] == 1 then return answer({'repeated'}) end
local known = hold ~= nil
if not known then
  hold = {0, 0, tonumber(ARGV[4]), tonumber(ARGV[5])}
  if now > hold[4] + MEMORY then return answer({'too-late'}) end
end
local admittedAt, expiresAt = hold[3], hold[4]
local settledAt = now - tonumber(ARGV[6])

local reply = {'settled'}
for n = 1, #KEYS - 2 do
  local key = KEYS[n + 2]
  local a = 3 + 4 * n
  local window = ARGV[a]
  local granted, windowStart, actual = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  if known then
    granted, windowStart = hold[HOLD_HEAD + 2 * n - 1], hold[HOLD_HEAD + 2 * n]
  else
    hold[#hold + 1], hold[#hold + 2] = granted, windowStart
  end
  if window == 'c' then
    redis.call('ZREM', key, id)
  elseif window == 'r' then
    -- Nothing changes for what was used as reserved, as requests mostly are.
    if not known or actual ~= granted then
      local counter = load(key, window)
      local slice = min(sliceOf(admittedAt), sliceOf(now))
      local counts = rateLapseOf(slice) > now
      if known and counts and actual < granted then takeRate(counter, slice, granted - actual) end
      if not known and counts then bookRate(counter, slice, min(actual, granted)) end
      if actual > granted then bookRate(counter, sliceOf(now), actual - granted) end
    end
  else
    local counter = load(key, window)
    local t = counter.t
    if t[1] == windowStart then
      if known and expiresAt > now then freeBudget(counter, expiresAt, granted) end
      -- What was settled long before the ledger was asked, or will be asked, is in what it says.
      local seedAt = t[3] == NONE and now or t[3]
      if settledAt + LAG > seedAt then
        t[2] = t[2] + min(actual, MAX - t[2])
        if t[3] == NONE then t[4] = now end
      end
      saveBudget(counter)
      local m = #reply
      reply[m + 1], reply[m + 2], reply[m + 3] = n, windowStart, t[2]
    end
  end
end
saveHold(hold, 1)
return answer(reply)
`;
