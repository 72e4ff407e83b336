import { maskCredentials } from './maskCredentials';

/**
 * How much of bodies is kept.
 *
 * - `off`: nothing.
 * - `metadata`: how long they were.
 * - `full`: their text as well, up to a number of bytes.
 *
 * @public
 */
export type BodyCaptureMode = 'off' | 'metadata' | 'full';

/** @public */
export const BODY_CAPTURE_MODES: readonly BodyCaptureMode[] = [
  'off',
  'metadata',
  'full',
];

/** @public */
export type BodyDirection = 'request' | 'response';

/**
 * Takes out of a text what an organisation does not want kept. Called with the text as it would be kept: at most the policy's bytes of
 * its beginning, credentials already masked. When it throws, no text is kept.
 *
 * @public
 */
export type BodyRedactor = (text: string, direction: BodyDirection) => string;

/** What of bodies to keep, of whichever request the policy is for. @public */
export interface BodyCapturePolicy {
  readonly mode: BodyCaptureMode;
  /** The most bytes (UTF-8) of one body's text. */
  readonly maxBytes: number;
  readonly redact: BodyRedactor | null;
}

/** What was kept of a body. @public */
export interface CapturedBody {
  /** Length of the whole body as it was sent. */
  readonly bytes: number;
  /** `null` when the policy keeps none, or the body is no text. */
  readonly text: string | null;
  /** Whether `text` is only the beginning. */
  readonly truncated: boolean;
}

/** Text of the kinds that models are asked and answer in; what else there is (audio, images, forms with files) is counted only. */
const TEXT_TYPE = /^(?:text\/|application\/(?:[\w.-]+\+)?json\b)/i;

/**
 * Keeps of a body what the policy allows while its chunks pass, and never more of it in memory than that.
 *
 * A body is all that it is ever given: headers, and so `Authorization`, have no way in.
 *
 * @public
 */
export class BodyCapture {
  readonly #policy: BodyCapturePolicy;
  readonly #direction: BodyDirection;
  readonly #keepsText: boolean;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #bytes = 0;

  /** @param contentType - of the body, as its header says; only text is kept as text */
  static create(
    policy: BodyCapturePolicy,
    direction: BodyDirection,
    contentType: string | undefined,
  ): BodyCapture {
    return new BodyCapture(policy, direction, contentType);
  }

  private constructor(
    policy: BodyCapturePolicy,
    direction: BodyDirection,
    contentType: string | undefined,
  ) {
    this.#policy = policy;
    this.#direction = direction;
    this.#keepsText =
      policy.mode === 'full' && TEXT_TYPE.test(contentType ?? '');
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    const room = this.#keepsText ? this.#policy.maxBytes - this.#keptBytes : 0;
    if (room <= 0) return;
    // A copy: a part of a chunk would keep the whole chunk in memory.
    const part = Buffer.from(chunk.subarray(0, room));
    this.#kept.push(part);
    this.#keptBytes += part.length;
  }

  /** @returns `null` when the policy keeps nothing */
  finish(): CapturedBody | null {
    if (this.#policy.mode === 'off') return null;
    const beginning = Buffer.concat(this.#kept);
    this.#kept = [];
    const text = this.#keepsText ? this.#clean(beginning) : null;
    return {
      bytes: this.#bytes,
      text,
      truncated: text !== null && this.#bytes > beginning.length,
    };
  }

  #clean(beginning: Buffer): string | null {
    const { maxBytes, redact } = this.#policy;
    const masked = maskCredentials(decodeBeginning(beginning, maxBytes));
    try {
      const text = redact ? redact(masked, this.#direction) : masked;
      // A mask may be longer than what it stands for.
      return Buffer.byteLength(text) > maxBytes
        ? decodeBeginning(Buffer.from(text), maxBytes)
        : text;
    } catch {
      return null;
    }
  }
}

/** The longest beginning of a UTF-8 text in so many bytes, with no character cut in half at its end. */
function decodeBeginning(bytes: Buffer, maxBytes: number): string {
  let end = Math.min(bytes.length, Math.max(0, maxBytes));
  // Back to the lead byte of the last character, if that character does not end where the text does.
  let lead = end - 1;
  while (lead >= 0 && lead > end - 4 && (bytes[lead] & 0xc0) === 0x80) lead--;
  if (lead >= 0 && end - lead < lengthOfCharacter(bytes[lead])) end = lead;
  return bytes.toString('utf8', 0, end);
}

function lengthOfCharacter(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
