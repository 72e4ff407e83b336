import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  preparePostgres,
  waitForPostgres,
} from '../../../scripts/lib/postgres.mjs';
import { childrenOf } from './childrenOf';
import { freePort } from './freePort';
import { Program } from './Program';

const START_MS = 60_000;
const START_TRIES = 20;

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A PostgreSQL that keeps what it has said to keep, to be killed, frozen and started again on the same data. */
export class Postgres {
  readonly #directory: string;
  readonly #logFile: string;
  readonly #port: number;
  readonly #password: string;
  #program: Program | undefined;

  static async start(options: {
    directory: string;
    logFile: string;
    signal: AbortSignal;
  }): Promise<Postgres> {
    // Under root it runs as another user, who has to get through here.
    await chmod(options.directory, 0o755);
    const postgres = new Postgres(
      join(options.directory, 'data'),
      options.logFile,
      await freePort(),
    );
    await postgres.start(options.signal);
    return postgres;
  }

  private constructor(directory: string, logFile: string, port: number) {
    this.#directory = directory;
    this.#logFile = logFile;
    this.#port = port;
    this.#password = randomBytes(18).toString('base64url');
  }

  get connection(): Connection {
    return {
      host: '127.0.0.1',
      port: this.#port,
      user: 'postgres',
      password: this.#password,
    };
  }

  async start(signal: AbortSignal): Promise<void> {
    for (let tried = 1; ; tried++) {
      const { server, spec } = await preparePostgres({
        dataDir: this.#directory,
        port: this.#port,
        password: this.#password,
        // It is killed, never the machine: what it has written is there, synced or not, and it starts in less time.
        settings: { log_min_messages: 'fatal', fsync: 'off' },
      });
      const program = Program.start({ ...spec, logFile: this.#logFile });
      try {
        await Promise.race([
          waitForPostgres(server, { deadlineMs: START_MS, signal }),
          program.failing(),
        ]);
        this.#program = program;
        return;
      } catch (error) {
        // After a kill its memory may still be held by processes that are about to notice.
        if (tried === START_TRIES || signal.aborted) throw error;
        await program.kill();
        await delay(100);
      }
    }
  }

  /** Every process of it at once; each of its sessions is one. */
  async freeze(): Promise<void> {
    const program = this.#running();
    program.signal('SIGSTOP');
    signalAll(await childrenOf(program.pid), 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    const program = this.#running();
    signalAll(await childrenOf(program.pid), 'SIGCONT');
    program.signal('SIGCONT');
  }

  async kill(): Promise<void> {
    const program = this.#running();
    const children = await childrenOf(program.pid);
    await program.kill();
    signalAll(children, 'SIGKILL');
    this.#program = undefined;
  }

  async stop(): Promise<void> {
    if (!this.#program) return;
    if (!this.#program.hasEnded) await this.thaw();
    await this.#program.stop(10_000, 'SIGQUIT');
  }

  #running(): Program {
    if (!this.#program) throw new Error('PostgreSQL does not run');
    return this.#program;
  }
}

/** Sessions and workers come and go: one that has ended meanwhile needs no signal. */
function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      const isGone =
        error instanceof Error && 'code' in error && error.code === 'ESRCH';
      if (!isGone) throw error;
    }
  }
}
