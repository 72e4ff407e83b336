import type { SimulatorStats } from '@ai-gateway/provider-simulator';
import { request } from 'undici';
import { nodeEnvironment, packageFolder, RUN_TYPESCRIPT } from './nodeProgram';
import { Program } from './Program';

/** How the simulated provider answers; left out, as fast as it is read. */
export interface Pace {
  readonly firstTokenMs?: number;
  readonly tokensPerSecond?: number;
  readonly tokensPerChunk?: number;
}

/** The provider simulator, in a process of its own. */
export class Simulator {
  readonly #program: Program;

  static async start(options: {
    pace: Pace;
    logFile: string;
  }): Promise<Simulator> {
    const {
      firstTokenMs = 0,
      tokensPerSecond = 0,
      tokensPerChunk = 1,
    } = options.pace;
    const program = Program.start({
      name: 'provider simulator',
      command: process.execPath,
      args: [
        ...RUN_TYPESCRIPT,
        'src/main.ts',
        ...['--port', '0'],
        ...['--first-token-ms', `${firstTokenMs}`],
        ...['--tokens-per-second', `${tokensPerSecond}`],
        ...['--tokens-per-chunk', `${tokensPerChunk}`],
      ],
      cwd: packageFolder('packages/provider-simulator'),
      env: nodeEnvironment(),
      logFile: options.logFile,
    });
    const line = await program.firstLine();
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (!url) throw new Error(`The provider simulator said: ${line}`);
    return new Simulator(program, url);
  }

  private constructor(
    program: Program,
    readonly url: string,
  ) {
    this.#program = program;
  }

  async stats(): Promise<SimulatorStats> {
    const { body } = await request(`${this.url}/__sim/stats`);
    return (await body.json()) as SimulatorStats;
  }

  /** Scripts how a model behaves from now on. */
  async behave(script: Readonly<Record<string, unknown>>): Promise<void> {
    const { statusCode, body } = await request(`${this.url}/__sim/behaviour`, {
      method: 'POST',
      body: JSON.stringify(script),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`The simulator refuses: ${text}`);
  }

  async stop(): Promise<void> {
    await this.#program.stop(5_000);
  }
}
