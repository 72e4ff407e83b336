import type { Readable } from 'node:stream';
import type { StreamReader } from '../providers/spec';
import { SseFilter } from '../wire/sse';

/**
 * What the beginning of a stream shows.
 *
 * - `content`: there is something of an answer, or more than one looks through for it; the stream can be read from its very start
 * - `error`: it tells of an error before any content
 * - `ended`: it ended, or broke off, before any content
 * - `silent`: nothing came for too long, or nothing that is content
 * - `aborted`: by the signal
 */
export type Peeked = 'content' | 'error' | 'ended' | 'silent' | 'aborted';

/** What has been looked through without finding content is passed on all the same. */
const MAX_PEEK_BYTES = 256 * 1024;

/**
 * Reads a stream until it shows whether it has an answer, and puts back what was read. Unless there is content, the stream is given up.
 *
 * @param reader - a new one, which nobody else reads with
 * @param withinMs - how long it may take to its first content
 */
export function peekStream(
  body: Readable,
  reader: StreamReader,
  { signal, withinMs }: { signal: AbortSignal; withinMs: number },
): Promise<Peeked> {
  return new Promise(resolve => {
    const read: Buffer[] = [];
    let bytes = 0;
    const filter = new SseFilter(event => {
      // What comes after that is for whoever reads the stream.
      if (!reader.sawContent && !reader.failed) reader.read(event);
      return 'drop';
    }, MAX_PEEK_BYTES);

    const look = (chunk: Buffer): Peeked | undefined => {
      read.push(chunk);
      bytes += chunk.length;
      try {
        filter.push(chunk);
      } catch {
        // An event that is larger than that, content or not.
        return 'content';
      }
      if (reader.failed) return 'error';
      return reader.sawContent || bytes > MAX_PEEK_BYTES
        ? 'content'
        : undefined;
    };
    let over = false;
    const stopListening: Array<() => void> = [];
    const finish = (peeked: Peeked) => {
      if (over) return;
      over = true;
      for (const stop of stopListening) stop();
      // Its listener for errors stays: until someone else listens, one would be nobody's.
      if (peeked === 'content') body.unshift(Buffer.concat(read));
      else body.destroy();
      resolve(peeked);
    };
    const onReadable = () => {
      for (
        let chunk: Buffer | null = body.read();
        chunk !== null;
        chunk = body.read()
      ) {
        const peeked = look(chunk);
        if (peeked) {
          finish(peeked);
          return;
        }
      }
    };
    const onEnd = () => {
      try {
        // Some leave out the blank line after their last event.
        filter.end();
      } catch {
        // Of an event that nobody can read there is nothing to put back at the end of a stream.
        finish('ended');
        return;
      }
      if (reader.failed) finish('error');
      else finish('ended');
    };
    const onError = (error: Error) => {
      if (signal.aborted) finish('aborted');
      else finish(isSilence(error) ? 'silent' : 'ended');
    };
    const onAbort = () => finish('aborted');
    const late = setTimeout(() => finish('silent'), Math.max(0, withinMs));

    body.on('error', onError);
    body.on('end', onEnd).on('close', onEnd);
    signal.addEventListener('abort', onAbort);
    stopListening.push(() => {
      clearTimeout(late);
      body.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
    });
    if (signal.aborted) onAbort();
    else body.on('readable', onReadable);
  });
}

function isSilence(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_BODY_TIMEOUT';
}
