import { createConnection } from 'node:net';
import { eventually } from './eventually';
import { freePort } from './freePort';
import { Program } from './Program';

const START_MS = 10_000;

/** A Redis that keeps nothing on disk, to be killed, frozen and started again, empty, at the same place. */
export class Redis {
  readonly #port: number;
  readonly #logFile: string;
  #program: Program | undefined;

  static async start(options: { logFile: string }): Promise<Redis> {
    const redis = new Redis(await freePort(), options.logFile);
    await redis.start();
    return redis;
  }

  private constructor(port: number, logFile: string) {
    this.#port = port;
    this.#logFile = logFile;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** @throws when there is no `redis-server`: what needs one is not left out in silence */
  async start(): Promise<void> {
    const program = Program.start({
      name: 'redis-server (on Debian: apt-get install redis-server)',
      command: 'redis-server',
      args: [
        ...['--port', `${this.#port}`, '--bind', '127.0.0.1'],
        ...['--save', '', '--appendonly', 'no'],
      ],
      cwd: '/',
      env: process.env,
      logFile: this.#logFile,
    });
    this.#program = program;
    const up = await Promise.race([
      eventually(() => answers(this.#port), { withinMs: START_MS }),
      program.failing(),
    ]);
    if (!up)
      throw new Error(`redis-server did not answer; see ${this.#logFile}`);
  }

  freeze(): void {
    this.#program?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#program?.signal('SIGCONT');
  }

  async kill(): Promise<void> {
    await this.#program?.kill();
    this.#program = undefined;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(port, '127.0.0.1');
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', data => end(data.toString().startsWith('+PONG')));
  });
}
