import { PRELUDE } from './prelude.lua';

/**
 * KEYS: clock, hold, one for each entry. ARGV: since, wall, hold id, admittedAt, expiresAt, time to live; for each entry window, granted,
 * windowStart.
 *
 * Answers `{expiresAt}`, or `{-1}` when the hold was closed.
 */
export const RENEW = `${PRELUDE}
local id = ARGV[3]
local hold = loadHold()
if hold and hold[1] == 1 then return answer({NONE}) end
local known = hold ~= nil
if not known then
  hold = {0, 0, tonumber(ARGV[4]), tonumber(ARGV[5])}
  if now > hold[4] + MEMORY then return answer({NONE}) end
end
local before = hold[4]
hold[4] = max(before, expiryOf(tonumber(ARGV[6])))

for n = 1, #KEYS - 2 do
  local key = KEYS[n + 2]
  local a = 4 + 3 * n
  local window = ARGV[a]
  if not known then
    hold[#hold + 1], hold[#hold + 2] = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  end
  local granted, windowStart = hold[HOLD_HEAD + 2 * n - 1], hold[HOLD_HEAD + 2 * n]
  if window == 'c' then
    lease(key, id, hold[4])
  elseif window ~= 'r' then
    local counter = load(key, window)
    if counter.t[1] == windowStart then
      if known and before > now then freeBudget(counter, before, granted) end
      reserveBudget(counter, hold[4], granted)
      saveBudget(counter)
    end
  end
end
saveHold(hold, 0)
return answer({hold[4]})
`;
