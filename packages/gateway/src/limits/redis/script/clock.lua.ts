/**
 * Sets `now` and `calendar`, as `clock.ts` says: once for all operations of a call.
 *
 * ARGV[1]: milliseconds since the last call of this client, or -1. ARGV[2]: the wall clock, or '' for Redis's own.
 */
export const CLOCK = `
local function tick()
  local wall
  if ARGV[2] == '' then
    local t = redis.call('TIME')
    wall = t[1] * 1000 + floor(t[2] / 1000)
  else
    wall = tonumber(ARGV[2])
  end
  local since = tonumber(ARGV[1])
  local packed = redis.call('GET', KEYS[1])
  local now, calendar = wall, wall
  if packed then
    local last = cmsgpack.unpack(packed)
    local passed = max(0, wall - last[1])
    if since ~= NONE then passed = min(passed, since + TOLERANCE) end
    now = last[2] + passed
    calendar = max(last[3], min(wall, last[3] + CATCH_UP * passed))
  end
  redis.call('SET', KEYS[1], cmsgpack.pack({wall, now, calendar}))
  return now, calendar
end
local now, calendar = tick()
`;
