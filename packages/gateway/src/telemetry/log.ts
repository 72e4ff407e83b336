import pino, { type Logger } from 'pino';

/** The gateway's log. */
export type Log = Logger;

/**
 * Structured lines on standard output. Bodies and credentials are never given to it; what could carry one by mistake is cut out.
 *
 * @param level - `debug`, `info`, `warn`, `error` or `silent`
 */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
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
    pino.destination({ fd: 1, sync: false }),
  );
}
