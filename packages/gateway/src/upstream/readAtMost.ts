import type { Readable } from 'node:stream';

/** What was read of a body. */
export interface BoundedRead {
  readonly bytes: Buffer;
  /**
   * - `whole`: to its end
   * - `too-large`: there is more than was asked for
   * - `cut-off`: the connection broke, or was silent for too long
   */
  readonly extent: 'whole' | 'too-large' | 'cut-off';
}

/** Reads a body up to so many bytes; what lies beyond is not read, and its connection is given up. */
export async function readAtMost(
  body: Readable,
  maxBytes: number,
): Promise<BoundedRead> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      const bytes: Buffer = chunk;
      length += bytes.length;
      if (length > maxBytes) {
        // Leaving the loop destroys the body.
        chunks.push(bytes.subarray(0, bytes.length - (length - maxBytes)));
        return { bytes: Buffer.concat(chunks), extent: 'too-large' };
      }
      chunks.push(bytes);
    }
  } catch {
    return { bytes: Buffer.concat(chunks), extent: 'cut-off' };
  }
  return { bytes: Buffer.concat(chunks), extent: 'whole' };
}
