/**
 * Budgets, as `BudgetState` says. Packed as `{windowStart, spent, seededAt, strayAt, reserved, slice₁, amount₁, …}`: the slices say what of
 * `reserved` lapses when, oldest first. They are as many as there are times at which living holds end, and so few.
 */
export const BUDGETS = `
local BUDGET_HEAD = 5
local function expirySliceOf(at) return floor(at / EXPIRY_SLICE) end

local function saveBudget(budget)
  local finish = endOf(budget.window, budget.t[1])
  local ttl = finish and endOf(budget.window, finish) - calendar + DAY or 31 * DAY
  redis.call('SET', budget.key, cmsgpack.pack(budget.t), 'PX', max(ttl, DAY))
end

local function loadBudget(key, window)
  local budget = {key = key, window = window}
  local start = startOf(window, calendar)
  local packed = redis.call('GET', key)
  if not packed then
    budget.t = {start, 0, NONE, NONE, 0}
    return budget
  end
  local t = cmsgpack.unpack(packed)
  budget.t = t
  if start > t[1] then
    budget.t = {start, 0, endOf(window, t[1]) == start and t[3] or NONE, NONE, 0}
    -- At once, whatever else is done: a counter is idle for a window only if nobody looked at it.
    saveBudget(budget)
    return budget
  end
  local n, kept = #t, BUDGET_HEAD + 1
  while kept <= n and t[kept] * EXPIRY_SLICE <= now do
    t[5] = t[5] - t[kept + 1]
    kept = kept + 2
  end
  local gone = kept - BUDGET_HEAD - 1
  if gone > 0 then
    for i = BUDGET_HEAD + 1, n do t[i] = t[i + gone] end
  end
  return budget
end

-- Where a slice is, or would be. From the end, where it mostly is.
local function placeOf(t, slice)
  local i = #t + 1
  while i > BUDGET_HEAD + 1 and t[i - 2] >= slice do i = i - 2 end
  return i
end
local function reserveBudget(budget, expiresAt, asked)
  local t = budget.t
  local amount = min(asked, MAX - t[5])
  if amount == 0 then return end
  local slice = expirySliceOf(expiresAt)
  local i = placeOf(t, slice)
  t[5] = t[5] + amount
  if t[i] == slice then
    t[i + 1] = t[i + 1] + amount
  else
    table.insert(t, i, slice)
    table.insert(t, i + 1, amount)
  end
end
local function freeBudget(budget, expiresAt, asked)
  local t = budget.t
  local slice = expirySliceOf(expiresAt)
  local i = placeOf(t, slice)
  if t[i] ~= slice then return end
  local amount = min(asked, t[i + 1])
  t[5] = t[5] - amount
  t[i + 1] = t[i + 1] - amount
  if t[i + 1] == 0 then
    table.remove(t, i)
    table.remove(t, i)
  end
end

-- When so much of what is reserved has lapsed.
local function budgetFreeingAt(budget, needed)
  local t, freed = budget.t, 0
  for i = BUDGET_HEAD + 1, #t, 2 do
    freed = freed + t[i + 1]
    if freed >= needed then return t[i] * EXPIRY_SLICE end
  end
end
`;
