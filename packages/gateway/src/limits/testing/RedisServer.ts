import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';

const START_TIMEOUT_MS = 5000;

/** A Redis of one's own that keeps nothing on disk, to be frozen, killed and started again. */
export class RedisServer {
  readonly #port: number;
  readonly #extra: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(port: number, extra: readonly string[]) {
    this.#port = port;
    this.#extra = extra;
  }

  /** @param extra - settings, as on its command line */
  static async start(
    port: number,
    extra: readonly string[] = [],
  ): Promise<RedisServer> {
    const server = new RedisServer(port, extra);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const child = spawn(
      'redis-server',
      [
        ...['--port', `${this.#port}`, '--bind', '127.0.0.1'],
        ...['--save', '', '--appendonly', 'no'],
        ...this.#extra,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#process = child;
    // Should whoever started it end without stopping it.
    const reap = () => child.kill('SIGKILL');
    process.once('exit', reap);
    child.once('exit', () => process.removeListener('exit', reap));
    const ended = new Promise<never>((_resolve, reject) => {
      child.once('error', error =>
        reject(
          new Error(
            `redis-server cannot be run, and these tests need it: ${error.message}. On Debian: apt-get install redis-server`,
          ),
        ),
      );
      child.once('exit', code =>
        reject(
          new Error(
            `redis-server ended with ${code}; is port ${this.#port} taken?`,
          ),
        ),
      );
    });
    // Read on, so that its log never fills the pipe.
    child.stdout?.resume();
    await Promise.race([this.#untilItAnswers(), ended]);
    ended.catch(() => {});
  }

  /** Goes on holding its connections and its memory, and answers nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Gone, with all it knew. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async #untilItAnswers(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (await answers(this.#port, this.#process?.pid)) return;
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    throw new Error(
      `redis-server did not answer within ${START_TIMEOUT_MS} ms`,
    );
  }
}

/** Whether it is that process which answers, and not another that was left on the port. */
function answers(port: number, pid: number | undefined): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write('INFO server\r\n'));
    socket.once('data', data =>
      end(data.toString().includes(`process_id:${pid}\r\n`)),
    );
  });
}
