/** A run of bytes to be replaced; `start === end` puts something in. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly with: string;
}

/** Bytes with some runs replaced and everything else as it was. The edits do not overlap; their order does not matter. */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const inOrder =
    edits.length > 1 ? [...edits].sort((a, b) => a.start - b.start) : edits;
  let length = bytes.length;
  for (const edit of inOrder) {
    length += Buffer.byteLength(edit.with) - (edit.end - edit.start);
  }
  const spliced = Buffer.allocUnsafe(length);
  let from = 0;
  let to = 0;
  for (const edit of inOrder) {
    to += bytes.copy(spliced, to, from, edit.start);
    to += spliced.write(edit.with, to);
    from = edit.end;
  }
  bytes.copy(spliced, to, from);
  return spliced;
}
