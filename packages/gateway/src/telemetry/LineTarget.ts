import { constants, fstatSync, openSync, statSync, type Stats } from 'node:fs';

/** Where lines are written. */
export interface LineTarget {
  readonly fd: number;
  /** Whether a write comes back at once, with what there was room for, so that it needs no thread to wait for it. */
  readonly isPrompt: boolean;
  /** As many bytes, and no more, stay together whoever else writes to it. */
  readonly togetherBytes: number;
}

/** On Linux; POSIX asks for 512 at least. */
const PIPE_BUF = 4_096;

/**
 * How a file descriptor is written to without being held up.
 *
 * - A file takes what it is given into the system's memory, as it does the spool's records, and `/dev/null` takes anything: both at once.
 * - A pipe takes it at once or not at all if it is opened so, which is done anew by its place under `/proc`: a flag on the descriptor itself
 *   would hold for all processes that have it, who may not expect it. Of a pipe, several processes may be writers.
 * - Whatever else it is, a terminal or a socket, may keep its writer waiting.
 */
export function lineTargetOf(fd: number): LineTarget {
  const stats = statsOf(fd);
  if (stats?.isFIFO()) {
    const prompt = openPrompt(fd);
    return {
      fd: prompt ?? fd,
      isPrompt: prompt !== undefined,
      togetherBytes: PIPE_BUF,
    };
  }
  return {
    fd,
    isPrompt: stats !== undefined && (stats.isFile() || isNull(stats)),
    togetherBytes: Infinity,
  };
}

function statsOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    // It is closed; writes will say so.
    return undefined;
  }
}

function isNull(stats: Stats): boolean {
  if (!stats.isCharacterDevice()) return false;
  try {
    return stats.rdev === statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}

function openPrompt(fd: number): number | undefined {
  try {
    const flags = constants.O_WRONLY | constants.O_NONBLOCK;
    return openSync(`/proc/self/fd/${fd}`, flags);
  } catch {
    // There is no /proc, the pipe is another user's, or nobody reads it any more.
    return undefined;
  }
}
