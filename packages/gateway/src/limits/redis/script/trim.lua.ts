/**
 * Asked: hold, count; for each entry counter, amount.
 *
 * Told, after the outcome: `trimmed` the hold as it is now; see `tellHold`. `unknown` and `closed` when nothing was done.
 */
export const TRIM = `
local function trim()
  local place, count, first = asked[at], asked[at + 1], at + 2
  at = first + 2 * count

  local hold = holdAt(place)
  if not hold then return tell(UNKNOWN) end
  if hold[1] == 1 then return tell(CLOSED) end
  if #hold ~= HOLD_HEAD + 2 * count then return tell(OTHER_ENTRIES) end
  local expiresAt, slice = hold[4], min(sliceOf(hold[3]), CURRENT)
  local live, sliceCounts = expiresAt > now, rateLapseOf(slice) > now
  for n = 1, count do
    local a, g = first + 2 * (n - 1), HOLD_HEAD + 2 * n - 1
    local granted, kept, letter = hold[g], asked[a + 1], letterAt(asked[a])
    if kept < granted and letter ~= 'c' then
      if letter == 'r' then
        if sliceCounts then takeRate(counterAt(asked[a]), slice, granted - kept) end
      elseif live then
        local counter = counterAt(asked[a])
        if counter.windowStart == hold[g + 1] then freeBudget(counter, expiresAt, granted - kept) end
      end
      hold[g] = kept
      -- Remembered for as long as before: a hold that lapsed does not live longer for being trimmed.
      changedHolds[place] = true
    end
  end
  tell(TRIMMED)
  tellHold(hold)
end
`;
