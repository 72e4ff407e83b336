/**
 * The tokenizer's time grows with the square of a run of letters, of blanks or of signs that nothing interrupts:
 * 100,000 equal letters take it seconds, in which no stream would move. Longer runs than this do not occur in
 * language; they are counted in parts, which may come to a token more at each seam.
 */
const MAX_RUN = 256;
/** Most that one match takes of a run: the stack of the regular expression engine has an end. */
const MAX_MATCH = 16 * MAX_RUN;

const LONG_RUN = new RegExp(
  ['[\\p{L}\\p{M}]', '\\s', '[^\\s\\p{L}\\p{M}\\p{N}]']
    .map(unit => `${unit}{${MAX_RUN + 1},${MAX_MATCH}}`)
    .join('|'),
  'gu',
);

/** The parts in which a text is counted: the text itself, unless it has a run that is too long. */
export function* countableParts(text: string): Generator<string> {
  let from = 0;
  if (text.length > MAX_RUN) {
    for (const { 0: run, index } of text.matchAll(LONG_RUN)) {
      if (index > from) yield text.slice(from, index);
      yield* slices(run);
      from = index + run.length;
    }
  }
  if (from < text.length) yield text.slice(from);
}

function* slices(run: string): Generator<string> {
  for (let at = 0; at < run.length;) {
    const end = at + MAX_RUN;
    // A character of two UTF-16 units stays whole.
    const cut = isHighSurrogate(run.charCodeAt(end - 1)) ? end + 1 : end;
    yield run.slice(at, cut);
    at = cut;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
