/** Of the type `text`, in every PostgreSQL. */
const TEXT_OID = 25;
const HEADER_BYTES = 20;

/**
 * An array of texts in PostgreSQL's binary form, to be given to the driver in the place of a `text[]`: nothing in them need be escaped, or looked
 * for what would have to be.
 *
 * Five whole numbers of 32 bits (dimensions, whether there are nulls, the type of the elements, how many of them, the number of the first),
 * then each element with its length before it, or -1 for none:
 * {@link https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/arrayfuncs.c | array_recv}.
 */
export function textArray(texts: ReadonlyArray<string | null>): Buffer {
  const lengths = texts.map(text =>
    text === null ? -1 : Buffer.byteLength(text),
  );
  const bytes = Buffer.allocUnsafe(
    lengths.reduce(
      (sum, length) => sum + 4 + Math.max(0, length),
      HEADER_BYTES,
    ),
  );
  let at = 0;
  const whole = (value: number) => {
    at = bytes.writeInt32BE(value, at);
  };
  whole(1);
  whole(lengths.includes(-1) ? 1 : 0);
  whole(TEXT_OID);
  whole(texts.length);
  whole(1);
  texts.forEach((text, i) => {
    whole(lengths[i]);
    if (text !== null) at += bytes.write(text, at);
  });
  return bytes;
}
