import type { Writable } from 'node:stream';

/**
 * Sends what is written to a stream in one turn of the event loop by one system call, at the end of the turn.
 *
 * Each request of a busy gateway sends two small commands; a system call for each costs more than to make the command.
 */
export function gatherWrites(stream: Writable): void {
  const { write } = stream;
  let gathering = false;
  stream.write = (...args: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      setImmediate(() => {
        gathering = false;
        stream.uncork();
      });
    }
    return Reflect.apply(write, stream, args);
  };
}
