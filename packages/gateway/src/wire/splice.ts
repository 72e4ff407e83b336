/** A run of bytes to be replaced; `start === end` puts something in. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly with: string;
}

/** Bytes with some runs replaced and everything else as it was. The edits do not overlap; their order does not matter. */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.with));
    at = edit.end;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}
