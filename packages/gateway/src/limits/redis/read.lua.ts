import { PRELUDE } from './prelude.lua';

/**
 * KEYS: clock, one for each counter. ARGV: since, wall; for each counter its window.
 *
 * Answers for each windowStart, spent, reserved, and 1 if it is seeded.
 */
export const READ = `${PRELUDE}
local reply = {}
for n = 1, #KEYS - 1 do
  local counter = load(KEYS[n + 1], ARGV[n + 2])
  local spent, reserved = spentAndReserved(counter)
  local budget = isBudget(counter.window)
  local m = #reply
  reply[m + 1] = budget and counter.t[1] or NONE
  reply[m + 2], reply[m + 3] = spent, reserved
  reply[m + 4] = (budget and counter.t[3] == NONE) and 0 or 1
end
return answer(reply)
`;
