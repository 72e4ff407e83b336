/**
 * Operations come, and answers go, as numbers in a row: doubles, each in eight bytes, as `Batch.ts` writes and `Reply.ts` reads them. Nothing
 * else holds every whole number up to 2⁵³ and costs as little on both ends.
 *
 * `asked` are the numbers that came, `at` the next of them; `told` are those that go.
 */
export const NUMBERS = `
-- As many as fit on the stack of Lua at once.
local PIECE = 4000
local function numbersIn(text)
  local numbers, count = {}, #text / 8
  for from = 0, count - 1, PIECE do
    local piece = {struct.unpack('<' .. string.rep('d', min(PIECE, count - from)), text, from * 8 + 1)}
    if from == 0 then
      numbers = piece
    else
      for i = 1, min(PIECE, count - from) do numbers[from + i] = piece[i] end
    end
  end
  return numbers
end
local function textOf(numbers)
  local count, pieces = #numbers, {}
  for from = 1, count, PIECE do
    local to = min(from + PIECE - 1, count)
    pieces[#pieces + 1] = struct.pack('<' .. string.rep('d', to - from + 1), unpack(numbers, from, to))
  end
  return table.concat(pieces)
end
local asked, at = numbersIn(ARGV[4]), 1
local told, size = {}, 0
local function tell(number)
  size = size + 1
  told[size] = number
end
`;
