const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Members of a message or a delta that hold what a model generated. */
const OPENAI_MEMBERS = [
  'content',
  'reasoning_content',
  'reasoning',
  'refusal',
  'arguments',
  // Of completions that are no chat.
  'text',
].map(name => Buffer.from(name));

/**
 * Bytes of generated text in a chunk or a completion, for estimates: the strings of the members that hold text, wherever they stand.
 *
 * A look at quotes and names, not a parse: this runs on every event of every stream, and most of what it finds is never needed. A quote
 * within a string is escaped, so that names and values cannot be mistaken for one another.
 */
export function generatedTextBytes(
  json: Buffer,
  members: readonly Buffer[] = OPENAI_MEMBERS,
): number {
  let total = 0;
  let at = 0;
  let nameStart = 0;
  let nameEnd = 0;
  while (at < json.length) {
    if (json[at] !== QUOTE) {
      // Between a name and its value are a colon and space; anything else says that the last string was no name of this value.
      if (json[at] !== COLON && json[at] > 0x20) nameEnd = 0;
      at += 1;
      continue;
    }
    const start = at + 1;
    at = endOfString(json, start);
    if (nameEnd > 0) {
      if (isOneOf(members, json, nameStart, nameEnd)) total += at - start;
      nameEnd = 0;
    } else {
      nameStart = start;
      nameEnd = at;
    }
    at += 1;
  }
  return total;
}

function endOfString(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== QUOTE) {
    at += json[at] === BACKSLASH ? 2 : 1;
  }
  return Math.min(at, json.length);
}

function isOneOf(
  members: readonly Buffer[],
  json: Buffer,
  start: number,
  end: number,
): boolean {
  return members.some(
    name =>
      name.length === end - start &&
      json.compare(name, 0, name.length, start, end) === 0,
  );
}
