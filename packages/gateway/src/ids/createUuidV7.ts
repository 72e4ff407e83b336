import { Moments } from './Moments';

/** Of the counter: those of `rand_a`, and the first of `rand_b`. */
const COUNTER_BITS = 26;
const RAND_B_COUNTER_BITS = 14;
/** `10`, before what of the counter is in `rand_b`. */
const VARIANT = 0x8000;
/** Random bytes at the end of an id, and those that its counter starts from. */
const NODE_BYTES = 6;
const SEED_BYTES = 4;
/** Drawn at once: to ask for random bytes costs more than to get some more of them. */
const POOL_BYTES = 6_000;
/** Bytes, as two hexadecimal digits. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/**
 * Makes UUIDs of version 7, by {@link https://www.rfc-editor.org/rfc/rfc9562#section-5.7 | RFC 9562}, each greater than the one before:
 *
 * ```
 *  tttttttt-tttt-7ccc-vccc-rrrrrrrrrrrr
 *  └ milliseconds┘ └counter┘ └  random ┘
 * ```
 *
 * The counter starts anew with each millisecond, from a random number whose first bit is 0, and goes up by one with each id (its section 6.2,
 * method 1). While the clock stands before the last id's time, that time goes on to count.
 *
 * @param now - milliseconds since the epoch
 * @param fill - fills bytes with what nobody can guess
 */
export function createUuidV7(
  now: () => number,
  fill: (bytes: Buffer) => unknown,
): () => string {
  const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  let drawn = '';
  let drawnAt = 0;
  let timeText = '';

  /** Random bytes, as hexadecimal digits. */
  const draw = (bytes: number): string => {
    const end = drawnAt + 2 * bytes;
    if (end > drawn.length) {
      fill(pool);
      drawn = pool.toString('hex');
      drawnAt = 0;
      return draw(bytes);
    }
    const digits = drawn.slice(drawnAt, end);
    drawnAt = end;
    return digits;
  };
  const moments = new Moments(
    now,
    () => Number.parseInt(draw(SEED_BYTES), 16) >>> (32 - (COUNTER_BITS - 1)),
    COUNTER_BITS,
  );

  return () => {
    if (moments.advance()) {
      const digits = moments.time.toString(16).padStart(12, '0');
      timeText = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
    }
    const { counter } = moments;
    const first = counter >>> RAND_B_COUNTER_BITS;
    const rest = (counter & (2 ** RAND_B_COUNTER_BITS - 1)) | VARIANT;
    return `${timeText}${HEX[first >>> 8].slice(1)}${HEX[first & 0xff]}-${
      HEX[rest >>> 8]
    }${HEX[rest & 0xff]}-${draw(NODE_BYTES)}`;
  };
}
