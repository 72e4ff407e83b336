import type { ServerResponse } from 'node:http';
import type {
  ClientAbortSettings,
  ClientSettings,
} from '../config/GatewaySettings';
import type { EventStream, StreamEnd } from '../upstream/EventStream';
import type { Watch } from './Watch';

/** How the reading of a stream came to its end, for its client. */
export type PumpEnd =
  | StreamEnd
  /** The client hung up, or stopped reading; however the upstream ended then. */
  | 'gone';

/** What it is moved by. */
export interface PumpSettings {
  readonly client: Pick<ClientSettings, 'stallTimeoutMs'>;
  readonly clientAbort: Pick<ClientAbortSettings, 'drainBytes'>;
}

/**
 * Moves what is to be passed on of a stream to the client until there is no more, or no sense in more.
 *
 * When the client hangs up while the upstream is to finish, what comes is read on for the usage that is told at its end, and passed to
 * nobody: for as long as the watch lets it, and no more bytes than the settings say.
 *
 * @param onFirst - called when the first of it is passed on
 */
export function pump(
  stream: EventStream,
  {
    res,
    watch,
    settings: { client, clientAbort },
    onFirst,
  }: {
    readonly res: ServerResponse;
    readonly watch: Pick<Watch, 'clientIsGone'>;
    readonly settings: PumpSettings;
    readonly onFirst: () => void;
  },
): Promise<PumpEnd> {
  return new Promise(resolve => {
    let drainedBytes = 0;
    let stalled: NodeJS.Timeout | undefined;

    const goOn = () => {
      clearTimeout(stalled);
      stalled = undefined;
      res.off('drain', goOn).off('close', goOn);
      stream.resume();
    };
    const waitForRoom = () => {
      if (stalled) return;
      stream.pause();
      // As if it had hung up: should it go on reading, it is not to take what it has for whole.
      stalled = setTimeout(() => res.destroy(), client.stallTimeoutMs);
      res.on('drain', goOn).on('close', goOn);
    };
    const finish = (end: StreamEnd) => {
      if (stalled) goOn();
      resolve(watch.clientIsGone() ? 'gone' : end);
    };

    onFirst();
    stream.passTo({
      take: (parts, bytes) => {
        if (watch.clientIsGone()) {
          drainedBytes += bytes;
          if (drainedBytes > clientAbort.drainBytes && !stream.isClosed) {
            stream.abandon();
            finish('broken');
          }
          return;
        }
        let room = true;
        for (const part of parts) room = res.write(part);
        if (!room) waitForRoom();
      },
      end: finish,
    });
  });
}
