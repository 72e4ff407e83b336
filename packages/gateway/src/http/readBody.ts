import type { IncomingMessage } from 'node:http';

export type BodyResult =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  /** The client hung up. */
  | { readonly kind: 'gone' };

/**
 * Reads a request's body, so much of it and no more; what lies beyond stays unread.
 *
 * @param idleTimeoutMs - the longest pause between two pieces
 */
export function readBody(
  req: IncomingMessage,
  { maxBytes, idleTimeoutMs }: { maxBytes: number; idleTimeoutMs: number },
): Promise<BodyResult> {
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.resolve({ kind: 'too-large' });

  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (result: BodyResult) => {
      clearTimeout(timer);
      req.off('data', onData);
      req.off('end', onEnd);
      req.off('close', onGone);
      req.pause();
      resolve(result);
    };
    const timer = setTimeout(() => finish({ kind: 'too-slow' }), idleTimeoutMs);
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        finish({ kind: 'too-large' });
        return;
      }
      chunks.push(chunk);
      timer.refresh();
    };
    const onEnd = () =>
      finish({
        kind: 'body',
        bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
      });
    const onGone = () => finish({ kind: 'gone' });
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('close', onGone);
    // Followed by 'close'.
    req.on('error', () => undefined);
  });
}
