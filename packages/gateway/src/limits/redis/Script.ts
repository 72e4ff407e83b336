import { createHash } from 'node:crypto';
import type { Redis, Cluster } from 'ioredis';

/** A connection that scripts can run on. */
export type ScriptConnection = Redis | Cluster;

/** A Lua script, sent whole only to a server that does not have it. */
export class Script {
  readonly #source: string;
  readonly #sha: string;

  constructor(source: string) {
    this.#source = source;
    this.#sha = createHash('sha1').update(source).digest('hex');
  }

  async run(
    connection: ScriptConnection,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> {
    try {
      return await connection.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      // Nothing ran, so that it may be sent again.
      if (!isNoScript(error)) throw error;
      return connection.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
