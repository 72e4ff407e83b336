import type { Standing } from '../../figures';
import type { Reply } from '../Reply';

export function readStanding(reply: Reply): Standing {
  return {
    spent: reply.number(),
    reserved: reply.number(),
    resetMs: reply.nullable(),
    windowStart: reply.nullable(),
  };
}
