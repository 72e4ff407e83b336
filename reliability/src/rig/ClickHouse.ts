import { request } from 'undici';
import { freePort } from './freePort';
import { nodeEnvironment, packageFolder, RUN_TYPESCRIPT } from './nodeProgram';
import { Program } from './Program';

/** ClickHouse's engine behind its HTTP interface, to be killed, frozen and started again on the same data. */
export class ClickHouse {
  readonly #port: number;
  readonly #directory: string;
  readonly #logFile: string;
  #program: Program | undefined;

  static async start(options: {
    directory: string;
    logFile: string;
  }): Promise<ClickHouse> {
    const clickHouse = new ClickHouse(await freePort(), options);
    await clickHouse.start();
    return clickHouse;
  }

  private constructor(
    port: number,
    options: { directory: string; logFile: string },
  ) {
    this.#port = port;
    this.#directory = options.directory;
    this.#logFile = options.logFile;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    this.#program = Program.start({
      name: 'ClickHouse',
      command: process.execPath,
      args: [...RUN_TYPESCRIPT, 'src/requestLogs/testing/chdbServer.ts'],
      cwd: packageFolder('plugins/ai-gateway-node'),
      env: nodeEnvironment({
        CHDB_PORT: `${this.#port}`,
        CHDB_PATH: this.#directory,
        CHDB_PASSWORD: '',
      }),
      logFile: this.#logFile,
    });
    await this.#program.firstLine();
  }

  /** The answer to a statement, as it comes. */
  async query(sql: string): Promise<string> {
    const { statusCode, body } = await request(this.url, {
      method: 'POST',
      body: sql,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`ClickHouse refuses: ${text}`);
    return text;
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
