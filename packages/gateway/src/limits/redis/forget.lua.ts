import { PRELUDE } from './prelude.lua';

/** KEYS: clock, one for each budget. ARGV: since, wall; for each budget its window. */
export const FORGET = `${PRELUDE}
for n = 1, #KEYS - 1 do
  local counter = load(KEYS[n + 1], ARGV[n + 2])
  counter.t[2], counter.t[3], counter.t[4] = 0, NONE, NONE
  saveBudget(counter)
end
return 1
`;
