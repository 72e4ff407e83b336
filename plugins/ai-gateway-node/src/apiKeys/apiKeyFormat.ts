import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The form of an API key: `aigw_<12 id characters>_<43 secret characters>_<6 checksum characters>`, all of them base 62.
 *
 * - The prefix lets secret scanners find a leaked key.
 * - The id names the key in lists, logs and audit; it is no secret.
 * - The secret holds 256 bits: 62⁴³ is a little more than 2²⁵⁶.
 * - The checksum is CRC-32 of everything before it. It proves nothing; it rejects typos and cut-off pastes without any I/O.
 */
const PREFIX = 'aigw';
const ID_LENGTH = 12;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const ALPHABET =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Length of every API key, in characters. @public */
export const API_KEY_LENGTH =
  PREFIX.length + ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH + 3;

const CHECKSUM_START = API_KEY_LENGTH - CHECKSUM_LENGTH;

const SHAPE = new RegExp(
  `^${PREFIX}_[0-9A-Za-z]{${ID_LENGTH}}_[0-9A-Za-z]{${SECRET_LENGTH}}_[0-9A-Za-z]{${CHECKSUM_LENGTH}}$`,
);

/** A newly made API key. @public */
export interface GeneratedApiKey {
  /** The public id. */
  readonly id: string;
  /** The whole key. It is shown once and never stored. */
  readonly apiKey: string;
  /** The last four characters of the secret part's end, for people to recognise the key by. */
  readonly lastFour: string;
}

/**
 * Makes an API key.
 *
 * @param random - a uniformly random integer below its argument, from a cryptographic source
 * @public
 */
export function generateApiKey(
  random: (below: number) => number = below => randomInt(below),
): GeneratedApiKey {
  const pick = (length: number) =>
    Array.from({ length }, () => ALPHABET[random(ALPHABET.length)]).join('');
  const id = pick(ID_LENGTH);
  const body = `${PREFIX}_${id}_${pick(SECRET_LENGTH)}`;
  const apiKey = `${body}_${checksum(body)}`;
  return { id, apiKey, lastFour: apiKey.slice(-4) };
}

/**
 * What a text that claims to be an API key is, as far as its form tells: no I/O, no secret compared.
 *
 * @public
 */
export type ParsedApiKey =
  | { readonly kind: 'well-formed'; readonly id: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'checksum-mismatch' };

/** Reads the form of an API key. @public */
export function parseApiKey(text: string): ParsedApiKey {
  if (text.length !== API_KEY_LENGTH) return { kind: 'malformed' };
  if (!SHAPE.test(text)) return { kind: 'malformed' };
  if (!endsInChecksum(text)) return { kind: 'checksum-mismatch' };
  const idStart = PREFIX.length + 1;
  return { kind: 'well-formed', id: text.slice(idStart, idStart + ID_LENGTH) };
}

/** Compares digit by digit: every request's key is read, and nothing is to be made of it. */
function endsInChecksum(apiKey: string): boolean {
  let rest = crc32(apiKey.slice(0, -CHECKSUM_LENGTH - 1));
  for (let at = API_KEY_LENGTH - 1; at >= CHECKSUM_START; at--) {
    if (apiKey[at] !== ALPHABET[rest % ALPHABET.length]) return false;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return true;
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    text = ALPHABET[rest % ALPHABET.length] + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
