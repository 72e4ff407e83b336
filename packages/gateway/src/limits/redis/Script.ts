import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';

/** A connection that scripts can run on. */
export type ScriptConnection = Redis | Cluster;

/** A Lua script that returns bytes, sent whole only to a server that does not have it. */
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
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> {
    try {
      return await this.#call('evalsha', this.#sha, connection, keys, args);
    } catch (error) {
      // Nothing ran, so that it may be sent again.
      if (!isNoScript(error)) throw error;
      return this.#call('eval', this.#source, connection, keys, args);
    }
  }

  #call(
    command: 'eval' | 'evalsha',
    script: string,
    connection: ScriptConnection,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> {
    return connection.callBuffer(
      command,
      script,
      keys.length,
      ...keys,
      ...args,
    );
  }
}

function isNoScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
