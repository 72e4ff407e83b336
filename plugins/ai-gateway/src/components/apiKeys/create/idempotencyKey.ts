/**
 * A name for one attempt to create something: 128 random bits in hexadecimal.
 *
 * Not `crypto.randomUUID`, which browsers keep from pages that come over plain HTTP.
 *
 * @param fill - fills an array with random bytes
 */
export function makeIdempotencyKey(
  fill: (bytes: Uint8Array) => Uint8Array = bytes =>
    crypto.getRandomValues(bytes),
): string {
  return Array.from(fill(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
