import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it says goes here, behind what it said before. */
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Whether it can be sent messages. */
  readonly ipc?: boolean;
}

/** Everything that was started and has not ended yet. */
const running = new Set<ChildProcess>();

// However this process ends: what it started does not outlive it.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process that was started from here, to be killed, frozen and thawed. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #ended: Promise<number | null>;
  readonly #firstLine: Promise<string>;

  static start(options: ProgramOptions): Program {
    return new Program(options);
  }

  private constructor(options: ProgramOptions) {
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
    this.#child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      uid: options.uid,
      gid: options.gid,
      stdio: ['pipe', 'pipe', 'pipe', ...(options.ipc ? ['ipc' as const] : [])],
    });
    const child = this.#child;
    running.add(child);
    child.stdin?.on('error', () => undefined);
    child.stdout?.pipe(this.#log, { end: false });
    child.stderr?.pipe(this.#log, { end: false });
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', error =>
        reject(
          new Error(`${options.name} cannot be run: ${error.message}`, {
            cause: error,
          }),
        ),
      );
      child.once('exit', code => resolve(code));
    });
    this.#ended
      .catch(() => undefined)
      .finally(() => {
        running.delete(child);
      });
    // Not at its exit: what it said last may come after that.
    child.once('close', () => this.#log.end());
    this.#firstLine = new Promise(resolve => {
      if (child.stdout) {
        createInterface({ input: child.stdout }).once('line', resolve);
      }
    });
  }

  get name(): string {
    return this.#options.name;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Its exit code, once it has ended; `null` when a signal ended it. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** The first line that it says; rejects when it ends without one. */
  firstLine(): Promise<string> {
    const silent = this.#ended.then(code => {
      throw new Error(
        `${this.name} ended (${code}) and said nothing; see ${this.#options.logFile}`,
      );
    });
    silent.catch(() => undefined);
    return Promise.race([this.#firstLine, silent]);
  }

  /** Rejects when it ends, for racing against what waits for it. */
  failing(): Promise<never> {
    const failing = this.#ended.then((code): never => {
      throw new Error(
        `${this.name} ended (${code}) though nobody told it to; see ${this.#options.logFile}`,
      );
    });
    failing.catch(() => undefined);
    return failing;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it something over its channel. */
  async ask(question: string): Promise<unknown> {
    const answer = once(this.#child, 'message');
    this.#child.send(question);
    const [message] = await answer;
    return message;
  }

  async kill(): Promise<void> {
    if (!this.hasEnded) this.#child.kill('SIGKILL');
    await this.#ended.catch(() => undefined);
  }

  /** Asks it to end, and kills it when it does not. */
  async stop(
    withinMs: number,
    signal: NodeJS.Signals = 'SIGTERM',
  ): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill('SIGCONT');
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), withinMs);
    await this.#ended.catch(() => undefined);
    clearTimeout(timer);
  }
}
