/**
 * Texts within a {@link https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX | row literal} that is quoted as an element of an
 * array: the form that PostgreSQL reads with the least effort.
 */

/** What means something in a row or in an array of rows. */
const SPECIAL = /[",()\\]/;
const QUOTED = /["\\]/g;

/** Quoted twice where it has to be; nothing between quotes is an empty text, and nothing at all is none. */
export function rowText(value: string): string {
  if (value !== '' && !SPECIAL.test(value)) return value;
  return `\\"${value.replace(QUOTED, '\\\\\\$&')}\\"`;
}

/** A text, or none. */
export function optionalRowText(value: string | null): string {
  return value === null ? '' : rowText(value);
}
