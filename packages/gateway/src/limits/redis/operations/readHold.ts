import type { Hold } from '../../Limiter';
import type { Reply } from '../Reply';

/** A hold as Redis remembers it, of which an older copy may have been asked about. */
export function readHold(reply: Reply, copy: Hold): Hold {
  return {
    ...copy,
    admittedAt: reply.number(),
    expiresAt: reply.number(),
    entries: copy.entries.map(({ counter }) => ({
      counter,
      granted: reply.number(),
      windowStart: reply.nullable(),
    })),
  };
}
