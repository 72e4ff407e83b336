/**
 * What counters are told by the ledger, and tell.
 *
 * - `seed`: asked a count, and for each counter, windowStart, spent, and 1 to take it exactly; told for each 1 if it was seeded, 0 if it is in
 *   another window.
 * - `forget`: asked a count and counters; told nothing.
 * - `read`: asked a count and counters; told for each windowStart, spent, reserved, and 1 if it is seeded.
 */
export const LEDGER = `
local function seed()
  local count, first = asked[at], at + 1
  at = first + 4 * count
  for a = first, at - 1, 4 do
    local counter, windowStart, spent, exact = counterAt(asked[a]), asked[a + 1], asked[a + 2], asked[a + 3] == 1
    if counter.windowStart ~= windowStart then
      tell(0)
    else
      tell(1)
      counter.changed = true
      if counter.seededAt ~= NONE and not exact then
        counter.spent = max(counter.spent, spent)
      else
        local stray = 0
        if not exact and counter.strayAt ~= NONE and counter.strayAt + LAG > now then stray = counter.spent end
        counter.spent = spent + min(stray, MAX - spent)
        counter.seededAt, counter.strayAt = now, NONE
      end
    end
  end
end

local function forget()
  local count, first = asked[at], at + 1
  at = first + count
  for a = first, at - 1 do
    local counter = counterAt(asked[a])
    counter.spent, counter.seededAt, counter.strayAt, counter.changed = 0, NONE, NONE, true
  end
end

local function read()
  local count, first = asked[at], at + 1
  at = first + count
  for a = first, at - 1 do
    local counter = counterAt(asked[a])
    tell(counter.windowStart)
    tell(counter.spent)
    tell(counter.reserved)
    tell(counter.kind == BUDGET and counter.seededAt == NONE and 0 or 1)
  end
end
`;
