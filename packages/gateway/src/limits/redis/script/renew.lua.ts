/**
 * Asked: hold, admittedAt, expiresAt, time to live, count; for each entry counter, granted, windowStart.
 *
 * Told, after the outcome: `renewed` the hold as it is now; see `tellHold`.
 */
export const RENEW = `
local function renew()
  local place, admittedAt, before, ttl = asked[at], asked[at + 1], asked[at + 2], asked[at + 3]
  local count, first = asked[at + 4], at + 5
  at = first + 3 * count

  local hold = holdAt(place)
  local known = hold ~= false
  if known then
    if hold[1] == 1 then return tell(CLOSED) end
    if #hold ~= HOLD_HEAD + 2 * count then return tell(OTHER_ENTRIES) end
    before = hold[4]
  else
    if now > before + MEMORY then return tell(CLOSED) end
    hold = {0, 0, admittedAt, before}
    for n = 1, count do
      local a = first + 3 * (n - 1)
      hold[#hold + 1], hold[#hold + 2] = asked[a + 1], asked[a + 2]
    end
  end
  hold[4] = max(before, expiryOf(ttl))
  for n = 1, count do
    local counter = counterAt(asked[first + 3 * (n - 1)])
    local granted, windowStart = hold[HOLD_HEAD + 2 * n - 1], hold[HOLD_HEAD + 2 * n]
    if counter.kind == LEASES then
      lease(counter, holdIdAt(place), hold[4])
    elseif counter.kind == BUDGET and counter.windowStart == windowStart then
      if known and before > now then freeBudget(counter, before, granted) end
      reserveBudget(counter, hold[4], granted)
    end
  end
  keepHold(place, hold, 0)
  tell(RENEWED)
  tellHold(hold)
end
`;
