import pino, { type Logger } from 'pino';
import { LineWriter } from './LineWriter';

/** The gateway's log. */
export type Log = Logger;

/**
 * Structured lines on standard output. Bodies and credentials are never given to it; what could carry one by mistake is cut out.
 *
 * @param level - `debug`, `info`, `warn`, `error` or `silent`
 */
export function createLog(level: string): Log {
  const log: Log = pino(
    {
      level,
      base: undefined,
      timestamp: isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: {
        paths: [
          'authorization',
          'headers.authorization',
          'headers.cookie',
          'apiKey',
          'secret',
          'password',
          '*.authorization',
          '*.apiKey',
          '*.secret',
          '*.password',
        ],
        censor: '[redacted]',
      },
    },
    LineWriter.create({
      fd: 1,
      mostBytes: 16_777_216,
      onLost: lines =>
        log.warn(
          { lines },
          'Lines of the log were given up, as nobody took them',
        ),
    }),
  );
  return log;
}

let timeAt = 0;
let timeText = '';

/** The time of a line, in the form that pino takes; made once for all lines of a millisecond. */
function isoTime(): string {
  const now = Date.now();
  if (now !== timeAt) {
    timeAt = now;
    timeText = `,"time":"${new Date(now).toISOString()}"`;
  }
  return timeText;
}
