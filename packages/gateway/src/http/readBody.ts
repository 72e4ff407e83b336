import type { IncomingMessage } from 'node:http';

export type BodyResult =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'too-slow' }
  /** There is too much in memory already, of all requests together. */
  | { readonly kind: 'no-room' }
  /** The client hung up. */
  | { readonly kind: 'gone' };

/**
 * Reads a request's body, so much of it and no more; what lies beyond stays unread.
 *
 * @param options - `idleTimeoutMs`: the longest pause between two pieces; `takeRoom`: asks for room in memory for a piece
 */
export function readBody(
  req: IncomingMessage,
  options: {
    readonly maxBytes: number;
    readonly idleTimeoutMs: number;
    readonly takeRoom: (bytes: number) => boolean;
  },
): Promise<BodyResult> {
  const { maxBytes, idleTimeoutMs, takeRoom } = options;
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.resolve({ kind: 'too-large' });

  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let length = 0;
    const cleanUp: Array<() => void> = [];
    const finish = (result: BodyResult) => {
      for (const undo of cleanUp.splice(0)) undo();
      req.pause();
      resolve(result);
    };
    const listen = (event: string, listener: (chunk: Buffer) => void) => {
      req.on(event, listener);
      cleanUp.push(() => req.off(event, listener));
    };
    const timer = setTimeout(() => finish({ kind: 'too-slow' }), idleTimeoutMs);
    cleanUp.push(() => clearTimeout(timer));
    listen('data', chunk => {
      length += chunk.length;
      if (length > maxBytes) {
        finish({ kind: 'too-large' });
        return;
      }
      if (!takeRoom(chunk.length)) {
        finish({ kind: 'no-room' });
        return;
      }
      chunks.push(chunk);
      timer.refresh();
    });
    listen('end', () =>
      finish({
        kind: 'body',
        bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
      }),
    );
    listen('close', () => finish({ kind: 'gone' }));
    // Followed by 'close'.
    req.on('error', () => undefined);
  });
}
