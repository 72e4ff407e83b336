import { PRELUDE } from './prelude.lua';

/**
 * KEYS: clock, one for each budget. ARGV: since, wall; for each budget window, windowStart, spent, and 1 to take it exactly.
 *
 * Answers 1 for each that was seeded, 0 for each that is in another window.
 */
export const SEED = `${PRELUDE}
local reply = {}
for n = 1, #KEYS - 1 do
  local a = 4 * n - 1
  local counter = load(KEYS[n + 1], ARGV[a])
  local windowStart, spent, exact = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), ARGV[a + 3] == '1'
  local t = counter.t
  reply[n] = t[1] == windowStart and 1 or 0
  if reply[n] == 1 then
    if t[3] ~= NONE and not exact then
      t[2] = max(t[2], spent)
    else
      local stray = 0
      if not exact and t[4] ~= NONE and t[4] + LAG > now then stray = t[2] end
      t[2] = spent + min(stray, MAX - spent)
      t[3], t[4] = now, NONE
    end
    saveBudget(counter)
  end
end
return answer(reply)
`;
