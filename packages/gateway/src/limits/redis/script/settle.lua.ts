/**
 * Asked: hold, admittedAt, expiresAt, age, count; for each entry counter, granted, windowStart, actual.
 *
 * Told, after the outcome: `settled` a count, and for each of the budgets that were settled in the window they are in its place among the
 * entries, the start of the window, and what is spent in it.
 */
export const SETTLE = `
local function settle()
  local place, admittedAt, expiresAt, age = asked[at], asked[at + 1], asked[at + 2], asked[at + 3]
  local count, first = asked[at + 4], at + 5
  at = first + 4 * count

  local hold = holdAt(place)
  if hold then
    if hold[1] == 1 then return tell(REPEATED) end
    admittedAt, expiresAt = hold[3], hold[4]
  elseif now > expiresAt + MEMORY then
    return tell(TOO_LATE)
  end
  local slice, settledAt = min(sliceOf(admittedAt), CURRENT), now - age
  local sliceCounts = rateLapseOf(slice) > now

  tell(SETTLED)
  tell(0)
  local balances, balancesAt = 0, size
  for n = 1, count do
    local a = first + 4 * (n - 1)
    local granted, windowStart, actual = asked[a + 1], asked[a + 2], asked[a + 3]
    if hold then granted, windowStart = hold[HOLD_HEAD + 2 * n - 1], hold[HOLD_HEAD + 2 * n] end
    -- A rate stays as it is for what was used as reserved, as requests mostly are, and need not be read for that.
    local counter = not (hold and actual == granted and letterAt(asked[a]) == 'r') and counterAt(asked[a])
    if not counter then
      counter = nil
    elseif counter.kind == RATE then
      if hold and sliceCounts and actual < granted then takeRate(counter, slice, granted - actual) end
      if not hold and sliceCounts then bookRate(counter, slice, min(actual, granted)) end
      if actual > granted then bookRate(counter, CURRENT, actual - granted) end
    elseif counter.kind == LEASES then
      endLease(counter, holdIdAt(place))
    elseif counter.windowStart == windowStart then
      if hold and expiresAt > now then freeBudget(counter, expiresAt, granted) end
      -- What was settled long before the ledger was asked, or will be asked, is in what it says.
      local seedAt = counter.seededAt == NONE and now or counter.seededAt
      if settledAt + LAG > seedAt then
        counter.spent = counter.spent + min(actual, MAX - counter.spent)
        if counter.seededAt == NONE then counter.strayAt = now end
      end
      counter.changed = true
      balances = balances + 1
      tell(n)
      tell(windowStart)
      tell(counter.spent)
    end
  end
  told[balancesAt] = balances
  keepHold(place, {1, 0, admittedAt, expiresAt}, 1)
end
`;
