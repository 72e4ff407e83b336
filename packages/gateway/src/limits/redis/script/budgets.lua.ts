/**
 * Budgets, as `BudgetState` says. Packed as `{windowStart, spent, seededAt, strayAt, reserved, slice₁, amount₁, …}`: the slices say what of
 * `reserved` lapses when, oldest first. They are as many as there are times at which living holds end, and so few.
 *
 * `packed` is that row; its head is put in when it is written.
 */
export const BUDGETS = `
local BUDGET_HEAD = 5
local function expirySliceOf(time) return floor(time / EXPIRY_SLICE) end

local function loadBudget(key, window)
  local start = startOf(window, calendar)
  local finish = endOf(window, start)
  local budget = {
    kind = BUDGET, key = key, window = window, windowStart = start, finish = finish,
    resetMs = finish and finish - calendar or NONE,
    spent = 0, reserved = 0, seededAt = NONE, strayAt = NONE, changed = false,
  }
  local text = redis.call('GET', key)
  local packed = text and cmsgpack.unpack(text)
  if not packed then
    budget.packed = {start, 0, NONE, NONE, 0}
    return budget
  end
  if start > packed[1] then
    -- A counter is idle for a window only if nobody looked at it: so to be written whatever else is done.
    budget.changed = true
    if endOf(window, packed[1]) == start then budget.seededAt = packed[3] end
    budget.packed = {start, 0, NONE, NONE, 0}
    return budget
  end
  if start < packed[1] then
    finish = endOf(window, packed[1])
    budget.windowStart, budget.finish = packed[1], finish
    budget.resetMs = finish and finish - calendar or NONE
  end
  budget.packed = packed
  budget.spent, budget.seededAt, budget.strayAt, budget.reserved = packed[2], packed[3], packed[4], packed[5]
  local count, kept = #packed, BUDGET_HEAD + 1
  while kept <= count and packed[kept] * EXPIRY_SLICE <= now do
    budget.reserved = budget.reserved - packed[kept + 1]
    kept = kept + 2
  end
  local gone = kept - BUDGET_HEAD - 1
  if gone > 0 then
    for i = BUDGET_HEAD + 1, count do packed[i] = packed[i + gone] end
  end
  return budget
end

-- Where a slice is, or would be. From the end, where it mostly is.
local function placeOf(packed, slice)
  local i = #packed + 1
  while i > BUDGET_HEAD + 1 and packed[i - 2] >= slice do i = i - 2 end
  return i
end
local function reserveBudget(budget, expiresAt, amount)
  amount = min(amount, MAX - budget.reserved)
  if amount == 0 then return end
  local packed, slice = budget.packed, expirySliceOf(expiresAt)
  budget.reserved, budget.changed = budget.reserved + amount, true
  local count = #packed
  -- Mostly it is the last.
  if packed[count - 1] == slice and count > BUDGET_HEAD then
    packed[count] = packed[count] + amount
    return
  end
  local i = placeOf(packed, slice)
  if packed[i] == slice then
    packed[i + 1] = packed[i + 1] + amount
  else
    table.insert(packed, i, slice)
    table.insert(packed, i + 1, amount)
  end
end
local function freeBudget(budget, expiresAt, amount)
  local packed, slice = budget.packed, expirySliceOf(expiresAt)
  local i = placeOf(packed, slice)
  if packed[i] ~= slice then return end
  amount = min(amount, packed[i + 1])
  budget.reserved, budget.changed = budget.reserved - amount, true
  packed[i + 1] = packed[i + 1] - amount
  if packed[i + 1] == 0 then
    table.remove(packed, i)
    table.remove(packed, i)
  end
end

-- When so much of what is reserved has lapsed.
local function budgetFreeingAt(budget, needed)
  local packed, freed = budget.packed, 0
  for i = BUDGET_HEAD + 1, #packed, 2 do
    freed = freed + packed[i + 1]
    if freed >= needed then return packed[i] * EXPIRY_SLICE end
  end
end

local function saveBudget(budget)
  local packed, window, finish = budget.packed, budget.window, budget.finish
  packed[1], packed[2], packed[3] = budget.windowStart, budget.spent, budget.seededAt
  packed[4], packed[5] = budget.strayAt, budget.reserved
  local ttl = finish and endOf(window, finish) - calendar + DAY or 31 * DAY
  redis.call('SET', budget.key, cmsgpack.pack(packed), 'PX', max(ttl, DAY))
end
`;
