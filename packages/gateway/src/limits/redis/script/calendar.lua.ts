/**
 * Where windows of the calendar begin and end, as `windowStartOf` and `windowEndOf` say: 'd' day, 'w' week, 'm' month, 't' total. There
 * is no library for dates in Redis.
 */
export const CALENDAR = `
-- The month of a day, and the first day of a month, after http://howardhinnant.github.io/date_algorithms.html
local function monthOf(days)
  local z = days + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  return yoe + era * 400 + (month <= 2 and 1 or 0), month
end
local function firstDayOf(year, month)
  if month > 12 then year, month = year + 1, month - 12 end
  if month <= 2 then year = year - 1 end
  local era = floor(year / 400)
  local yoe = year - era * 400
  local doy = floor((153 * ((month + 9) % 12) + 2) / 5)
  return era * 146097 + yoe * 365 + floor(yoe / 4) - floor(yoe / 100) + doy - 719468
end
local function startOf(window, at)
  local days = floor(at / DAY)
  if window == 'd' then return days * DAY end
  if window == 'w' then return (days - (days + 3) % 7) * DAY end
  if window == 'm' then return firstDayOf(monthOf(days)) * DAY end
  return 0
end
local function endOf(window, start)
  if window == 'd' then return start + DAY end
  if window == 'w' then return start + 7 * DAY end
  if window == 'm' then
    local year, month = monthOf(start / DAY)
    return firstDayOf(year, month + 1) * DAY
  end
  return nil
end
`;
