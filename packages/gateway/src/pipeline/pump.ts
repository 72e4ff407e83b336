import type {
  ClientAbortSettings,
  ClientSettings,
} from '../config/GatewaySettings';
import type { Streaming } from './Tried';

/** How the reading of a stream came to its end. */
export type StreamEnd =
  /** By its closing event. */
  | 'closed'
  /** The upstream had nothing more to send. */
  | 'ended'
  /** The connection broke, or was silent for too long, or sent what no stream has. */
  | 'broken'
  /** The client hung up, or stopped reading; however the upstream ended then. */
  | 'gone';

/** What looks at a stream on its way. */
export interface Sink {
  /** What to pass on of a piece that came. */
  readonly take: (chunk: Buffer) => Buffer[];
  /** What to pass on of a piece that was left incomplete. */
  readonly takeEnd: () => Buffer[];
  readonly isClosed: () => boolean;
}

/** After its closing event an upstream has so long to end its answer, for its connection to be used again. */
const TRAILER_MS = 1_000;

/**
 * Moves bytes from the upstream to the client until there are no more, or no sense in more.
 *
 * When the client hangs up while the upstream is to finish, what comes is read on for the usage that is told at its end, and passed to
 * nobody: for as long as the watch lets it, and no more bytes than the settings say.
 */
export function pump(
  {
    body,
    exchange: { res },
    watch,
  }: Pick<Streaming, 'body' | 'watch'> & {
    readonly exchange: Pick<Streaming['exchange'], 'res'>;
  },
  {
    settings: { client, clientAbort },
  }: {
    readonly settings: {
      readonly client: Pick<ClientSettings, 'stallTimeoutMs'>;
      readonly clientAbort: Pick<ClientAbortSettings, 'drainBytes'>;
    };
  },
  sink: Sink,
): Promise<StreamEnd> {
  return new Promise(resolve => {
    let over = false;
    let stalled: NodeJS.Timeout | undefined;
    let drainedBytes = 0;
    const cleanUp: Array<() => void> = [];
    const finish = (end: StreamEnd) => {
      if (over) return;
      over = true;
      clearTimeout(stalled);
      for (const undo of cleanUp) undo();
      if (end === 'closed') {
        const timer = setTimeout(() => body.destroy(), TRAILER_MS);
        body.once('close', () => clearTimeout(timer));
        body.resume();
      } else if (end !== 'ended') {
        body.destroy();
      }
      resolve(watch.clientIsGone() ? 'gone' : end);
    };
    /** Whether the client has room for more. */
    const write = (parts: readonly Buffer[]): boolean => {
      let room = true;
      for (const part of parts) room = res.write(part);
      return room;
    };
    const goOn = () => {
      clearTimeout(stalled);
      body.resume();
    };
    const waitForRoom = () => {
      body.pause();
      // As if it had hung up: should it go on reading, it is not to take what it has for whole.
      stalled = setTimeout(() => res.destroy(), client.stallTimeoutMs);
    };
    const onAbort = () => finish('broken');

    body.on('data', (chunk: Buffer) => {
      if (over) return;
      let parts: Buffer[];
      try {
        parts = sink.take(chunk);
      } catch {
        finish('broken');
        return;
      }
      if (watch.clientIsGone()) {
        drainedBytes += chunk.length;
        if (sink.isClosed()) finish('closed');
        else if (drainedBytes > clientAbort.drainBytes) finish('broken');
        return;
      }
      const room = write(parts);
      if (sink.isClosed()) finish('closed');
      else if (!room) waitForRoom();
    });
    body.on('end', () => {
      if (over) return;
      let rest: Buffer[];
      try {
        rest = sink.takeEnd();
      } catch {
        // Nobody would catch it here, and every other stream would end with this one.
        finish('broken');
        return;
      }
      if (!watch.clientIsGone()) write(rest);
      finish(sink.isClosed() ? 'closed' : 'ended');
    });
    body.on('error', () => finish('broken'));
    body.on('close', () => finish('broken'));
    res.on('drain', goOn);
    res.on('close', goOn);
    watch.signal.addEventListener('abort', onAbort);
    cleanUp.push(
      () => res.off('drain', goOn),
      () => res.off('close', goOn),
      () => watch.signal.removeEventListener('abort', onAbort),
    );
    if (watch.signal.aborted) onAbort();
    // It may have broken since its beginning was looked at.
    else if (body.destroyed) finish('broken');
  });
}
