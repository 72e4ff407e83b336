import type { IncomingMessage } from 'node:http';

export type BodyRead =
  | { readonly type: 'body'; readonly bytes: Buffer }
  | { readonly type: 'too-large' }
  /** The client hung up before the body was complete. */
  | { readonly type: 'aborted' };

/** Reads a request's body up to `maxBytes`; what is beyond stays unread. */
export function readBody(
  req: IncomingMessage,
  maxBytes: number,
): Promise<BodyRead> {
  return new Promise(resolve => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        req.pause();
        resolve({ type: 'too-large' });
        return;
      }
      chunks.push(chunk);
    });
    req.once('end', () =>
      resolve({
        type: 'body',
        bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
      }),
    );
    req.once('close', () => resolve({ type: 'aborted' }));
    // An error is followed by 'close'; unheard, it would end the process.
    req.once('error', () => resolve({ type: 'aborted' }));
  });
}
