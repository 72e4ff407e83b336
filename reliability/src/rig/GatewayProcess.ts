import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { eventually } from './eventually';
import { nodeEnvironment, packageFolder, RUN_TYPESCRIPT } from './nodeProgram';
import { Program } from './Program';

const START_MS = 60_000;
const STOP_MS = 30_000;
const APPLIED_MS = 10_000;

/** What a gateway answers at `/readyz`. */
export interface Readiness {
  readonly status: number;
  readonly revision: number | null;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/** Memory of a process after its garbage was collected, in bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

/** A gateway process that keeps its port and its spool when it is killed and started again. */
export class GatewayProcess {
  readonly #configFile: string;
  readonly #logFile: string;
  readonly #env: Readonly<Record<string, string>>;
  #program: Program | undefined;

  /** Writes its configuration; it does not run yet. */
  static async prepare(options: {
    name: string;
    directory: string;
    port: number;
    /** As in `app-config.yaml`. */
    config: object;
    env: Readonly<Record<string, string>>;
    logFile: string;
  }): Promise<GatewayProcess> {
    const configFile = join(options.directory, `${options.name}.json`);
    await writeFile(configFile, JSON.stringify(options.config, null, 2));
    return new GatewayProcess(options.name, options.port, configFile, options);
  }

  private constructor(
    readonly name: string,
    port: number,
    configFile: string,
    options: { env: Readonly<Record<string, string>>; logFile: string },
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.#configFile = configFile;
    this.#env = options.env;
    this.#logFile = options.logFile;
  }

  readonly url: string;

  get pid(): number {
    return this.#running().pid;
  }

  /** Starts it and waits until it is ready, or only until it answers. */
  async start(options: { until?: 'ready' | 'answering' } = {}): Promise<void> {
    const program = Program.start({
      name: this.name,
      command: process.execPath,
      args: [
        '--expose-gc',
        ...RUN_TYPESCRIPT,
        ...['--require', require.resolve('./memoryProbe.cjs')],
        'src/main.ts',
        ...['--config', this.#configFile],
      ],
      cwd: packageFolder('packages/gateway'),
      env: nodeEnvironment({ LOG_LEVEL: 'warn', ...this.#env }),
      logFile: this.#logFile,
      ipc: true,
    });
    this.#program = program;
    const up = await Promise.race([
      eventually(
        async () => {
          const { status } = await this.readiness();
          return options.until === 'answering' || status === 200;
        },
        { withinMs: START_MS },
      ),
      program.failing(),
    ]);
    if (!up) {
      throw new Error(
        `${this.name} was not ready within ${START_MS} ms; see ${this.#logFile}`,
      );
    }
  }

  async readiness(): Promise<Readiness> {
    const { statusCode, body } = await request(`${this.url}/readyz`, {
      headersTimeout: 5_000,
    });
    const told = (await body.json()) as Omit<Readiness, 'status'>;
    return { ...told, status: statusCode };
  }

  /**
   * Waits until it serves a revision, or a later one.
   *
   * @returns whether it did in time
   */
  async applied(revision: number): Promise<boolean> {
    const applied = await eventually(
      async () => ((await this.readiness()).revision ?? 0) >= revision,
      { withinMs: APPLIED_MS, everyMs: 5 },
    );
    return applied ?? false;
  }

  /** The metrics that it offers to Prometheus; `undefined` when it offers none. */
  async metrics(): Promise<string | undefined> {
    const { statusCode, body } = await request(`${this.url}/metrics`);
    const text = await body.text();
    return statusCode === 200 ? text : undefined;
  }

  async memory(): Promise<Memory> {
    return (await this.#running().ask('memory')) as Memory;
  }

  async kill(): Promise<void> {
    await this.#running().kill();
  }

  signal(signal: NodeJS.Signals): void {
    this.#running().signal(signal);
  }

  /** Ends it in good order. @returns its exit code */
  async stop(): Promise<number | null> {
    const program = this.#running();
    await program.stop(STOP_MS);
    return program.ended;
  }

  get isRunning(): boolean {
    return this.#program !== undefined && !this.#program.hasEnded;
  }

  #running(): Program {
    if (!this.#program) throw new Error(`${this.name} was not started`);
    return this.#program;
  }
}
