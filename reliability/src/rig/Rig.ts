import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '../ledger/Ledger';
import type { Price } from '../ledger/exactCost';
import type { Surroundings } from '../Scenario';
import { Client } from '../load/Client';
import { ControlPlane } from './ControlPlane';
import { freePort } from './freePort';
import { GatewayProcess } from './GatewayProcess';
import { Postgres } from './Postgres';
import { Redis } from './Redis';
import { Simulator, type Pace } from './Simulator';

/** Not round, so that rounding has something to do. */
export const PRICE: Price = { input: 150_000_001n, output: 600_000_007n };

/** What every gateway of a rig serves unless a scenario says otherwise. */
export const MODEL = 'house-model';

/** The parts that scenarios put under stress, all of them real, on this machine's loopback alone, and gone at the end. */
export class Rig {
  readonly #closers: Array<() => Promise<unknown>> = [];
  readonly #surroundings: Surroundings;
  readonly #gateways: GatewayProcess[] = [];

  /**
   * Starts PostgreSQL with the control plane's tables, a simulated provider with a model at {@link PRICE}, and, if asked for, Redis.
   *
   * @throws when one of them cannot be started; what was started has been ended then
   */
  static async start(
    surroundings: Surroundings,
    options: { pace?: Pace; redis?: boolean } = {},
  ): Promise<Rig> {
    const directory = await mkdtemp(join(tmpdir(), 'ai-gateway-reliability-'));
    const closers = [() => rm(directory, { recursive: true, force: true })];
    const closing = <T>(part: T, close: () => Promise<unknown>): T => {
      closers.push(async () => {
        await close();
      });
      return part;
    };
    try {
      const log = (name: string) =>
        join(surroundings.logDirectory, `${name}.log`);
      const databaseDirectory = join(directory, 'postgres');
      await mkdir(databaseDirectory);
      const postgres = await Postgres.start({
        directory: databaseDirectory,
        logFile: log('postgres'),
        signal: surroundings.signal,
      });
      closing(postgres, () => postgres.stop());
      const plane = await ControlPlane.create(postgres.connection);
      closing(plane, () => plane.close());
      const simulator = await Simulator.start({
        pace: options.pace ?? {},
        logFile: log('simulator'),
      });
      closing(simulator, () => simulator.stop());
      const redis = options.redis
        ? await Redis.start({ logFile: log('redis') })
        : null;
      if (redis) closing(redis, () => redis.kill());
      const providerId = await plane.addProvider(`${simulator.url}/v1`);
      await plane.addModel({
        id: MODEL,
        deployments: [{ providerId, upstreamModel: 'paced' }],
        price: PRICE,
      });
      const { apiKey } = await plane.addKey();
      return new Rig(surroundings, closers, {
        directory,
        postgres,
        plane,
        simulator,
        redis,
        providerId,
        apiKey,
      });
    } catch (error) {
      await closeAll(closers);
      throw error;
    }
  }

  /** Starts a rig, works with it, and ends it however the work ends. */
  static async with<T>(
    surroundings: Surroundings,
    options: { pace?: Pace; redis?: boolean },
    work: (rig: Rig) => Promise<T>,
  ): Promise<T> {
    const rig = await Rig.start(surroundings, options);
    try {
      return await work(rig);
    } finally {
      await rig.close();
    }
  }

  private constructor(
    surroundings: Surroundings,
    closers: Array<() => Promise<unknown>>,
    readonly parts: {
      /** Gone at the end. */
      readonly directory: string;
      readonly postgres: Postgres;
      readonly plane: ControlPlane;
      readonly simulator: Simulator;
      readonly redis: Redis | null;
      readonly providerId: string;
      readonly apiKey: string;
    },
  ) {
    this.#surroundings = surroundings;
    this.#closers = closers;
    this.ledger = new Ledger(parts.plane.knex);
  }

  readonly ledger: Ledger;

  /** An application with the rig's key; gone with the rig. */
  client(options: { timeoutMs?: number } = {}): Client {
    const client = Client.create({ apiKey: this.parts.apiKey, ...options });
    this.onClose(() => client.close());
    return client;
  }

  /** What else is to be ended with the rig, before what was there first. */
  onClose(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** Makes ready another gateway, with a port and a spool of its own. */
  async addGateway(
    options: {
      spoolDirectory?: string;
      /** Further settings below `aiGateway`. */
      settings?: Readonly<Record<string, object>>;
      env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<GatewayProcess> {
    const { directory, postgres, plane, redis } = this.parts;
    const name = `gateway-${this.#gateways.length + 1}`;
    const port = await freePort();
    const { gateway: gatewaySettings, ...settings } = options.settings ?? {};
    const gateway = await GatewayProcess.prepare({
      name,
      directory,
      port,
      config: {
        backend: {
          database: {
            client: 'pg',
            connection: postgres.connection,
            plugin: {
              'ai-gateway': { connection: { database: plane.database } },
            },
          },
        },
        aiGateway: {
          gateway: {
            listen: { host: '127.0.0.1', port },
            spool: {
              directory:
                options.spoolDirectory ?? join(directory, `${name}-spool`),
            },
            ...(redis && { redis: { url: redis.url } }),
            // Nobody asks whether it is ready, unless a scenario does.
            drain: { announceMs: 0 },
            metrics: { allowLoopback: true },
            // On a machine that has other things to do its event loop is late, which is not what is looked at here.
            overload: { maxEventLoopLagMs: 30_000 },
            ...gatewaySettings,
          },
          keys: {
            peppers: [{ version: 1, secretRef: 'env://RELIABILITY_PEPPER' }],
          },
          network: { allowPrivateAddresses: true },
          ...settings,
        },
      },
      env: { RELIABILITY_PEPPER: plane.pepper, ...options.env },
      logFile: join(this.#surroundings.logDirectory, `${name}.log`),
    });
    this.#gateways.push(gateway);
    this.#closers.push(async () => {
      if (gateway.isRunning) await gateway.kill();
    });
    return gateway;
  }

  async close(): Promise<void> {
    await closeAll(this.#closers);
  }
}

/** The last first; one that fails holds up none of the others. */
async function closeAll(closers: Array<() => Promise<unknown>>): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
