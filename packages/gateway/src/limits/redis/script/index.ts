import { MAX_AMOUNT } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import { CALENDAR_CATCH_UP, CLOCK_TOLERANCE_MS } from '../../clock';
import { HOLD_MEMORY_MS, LEDGER_LAG_MS, RETRY_SOON_MS } from '../../Limiter';
import { EXPIRY_SLICE_MS, RATE_WINDOW_MS, SLICE_MS } from '../../slices';
import { NONE, OPERATION, OUTCOME } from '../codes';
import { BUDGETS } from './budgets.lua';
import { CALENDAR } from './calendar.lua';
import { CLOCK } from './clock.lua';
import { COUNTERS } from './counters.lua';
import { LEASES } from './leases.lua';
import { LEDGER } from './ledger.lua';
import { NUMBERS } from './numbers.lua';
import { RATES } from './rates.lua';
import { RENEW } from './renew.lua';
import { RESERVE } from './reserve.lua';
import { SETTLE } from './settle.lua';
import { TRIM } from './trim.lua';

/**
 * The script that does all operations: any number of them in one call, one after the other, as if each had been called alone. It says in Lua
 * what `InProcessLimiter` says in TypeScript; the property tests hold both against `model.ts`.
 *
 * Redis does not take back what a script wrote that fails later, so counters and holds are read, reckoned with in Lua, and written when
 * everything is decided; that also spares reading and writing again what several operations of a call have in common. (Leases are written
 * at once, and the clock.)
 *
 * # Keys
 *
 * All under one prefix with one hash tag, and all passed as KEYS, each once, so that a cluster takes the script:
 *
 * - `<prefix>:clock`: the time, packed as `{wall, now, calendar}`. Never lapses. Always the first.
 * - `<prefix>:hold:<id>`: a hold, packed as `{closed, keptUntil, admittedAt, expiresAt, granted₁, windowStart₁, granted₂, …}`; a closed one
 *   without what it was granted.
 * - `<prefix>:rate:<counter>`: a rate, as a row of doubles.
 * - `<prefix>:count:<counter>`: a budget, packed; leases, as a sorted set of hold ids by expiry.
 *
 * Packed is by MessagePack, which Redis brings, and which keeps whole numbers exact up to 2⁵³, unlike JSON as Redis writes it. `-1` stands
 * for `null`.
 *
 * # Arguments
 *
 * Milliseconds since the last call, wall clock, a letter for each key, and the operations in a row of numbers: its code, then what it asks. The
 * answers come in the same order, in a row of numbers: the outcome's code where there are several, then what is told.
 *
 * # Lapsing
 *
 * Everything but the clock has a time to live, longer than it matters, because Redis goes by its wall clock there. A wall clock that
 * jumps forward by more makes Redis drop keys: budgets are unknown then, and seeded from the ledger; rates and leases begin at nothing.
 *
 * # Arithmetic
 *
 * Amounts are at most 2⁵³ − 1 and sums are kept from passing it, so no double ever rounds.
 */
export const SCRIPT = `
local MAX = ${MAX_AMOUNT}
local SLICE, RATE_WINDOW, EXPIRY_SLICE = ${SLICE_MS}, ${RATE_WINDOW_MS}, ${EXPIRY_SLICE_MS}
local TOLERANCE, CATCH_UP = ${CLOCK_TOLERANCE_MS}, ${CALENDAR_CATCH_UP}
local MEMORY, LAG, SOON = ${HOLD_MEMORY_MS}, ${LEDGER_LAG_MS}, ${RETRY_SOON_MS}
local MINUTE, HOUR, DAY = 60000, 3600000, 86400000
local NONE = ${NONE}
local ADMITTED, REPEATED, REFUSED = ${OUTCOME.admitted}, ${OUTCOME.repeated}, ${OUTCOME.refused}
local NEEDS_SEED, CLOSED, OTHER_ENTRIES = ${OUTCOME.needsSeed}, ${OUTCOME.closed}, ${OUTCOME.otherEntries}
local SETTLED, TOO_LATE, RENEWED = ${OUTCOME.settled}, ${OUTCOME.tooLate}, ${OUTCOME.renewed}
local TRIMMED, UNKNOWN = ${OUTCOME.trimmed}, ${OUTCOME.unknown}
local RATE, LEASES, BUDGET = 1, 2, 3
local floor, ceil, min, max = math.floor, math.ceil, math.min, math.max
${CLOCK}${CALENDAR}${NUMBERS}${RATES}${BUDGETS}${LEASES}${COUNTERS}${RESERVE}${SETTLE}${TRIM}${RENEW}${LEDGER}
local operations = {
  [${OPERATION.reserve}] = reserve, [${OPERATION.settle}] = settle, [${OPERATION.renew}] = renew,
  [${OPERATION.seed}] = seed, [${OPERATION.forget}] = forget, [${OPERATION.read}] = read,
  [${OPERATION.trim}] = trim,
}
-- Leases are written at once: whatever cannot be read is to fail before that.
if string.find(ARGV[3], 'c', 1, true) then
  for place = 2, #KEYS do
    if letterAt(place) == 'h' then holdAt(place) else counterAt(place) end
  end
end
local last = #ARGV[4] / 8
while at <= last do
  local operation = operations[asked[at]]
  at = at + 1
  operation()
end
save()
return textOf(told)
`;
