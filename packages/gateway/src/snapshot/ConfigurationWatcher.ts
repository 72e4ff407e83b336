import { CONFIG_CHANNEL } from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import type { Log } from '../telemetry/log';
import type { Configuration } from './Configuration';

const POLL_MS = 5_000;
const RECONNECT_MIN_MS = 250;
const RECONNECT_MAX_MS = 10_000;

/**
 * Keeps the configuration current.
 *
 * A connection of its own listens for the control plane's word; that is a hint, which can be missed. The truth is a look at the revision
 * every five seconds, and one whenever the connection is made anew.
 */
export class ConfigurationWatcher {
  readonly #knex: Knex;
  readonly #configuration: Configuration;
  readonly #log: Log;
  #poll: NodeJS.Timeout | undefined;
  #reconnect: NodeJS.Timeout | undefined;
  #backoffMs = RECONNECT_MIN_MS;
  #client: Client | undefined;
  #stopped = false;

  static start(options: {
    knex: Knex;
    configuration: Configuration;
    log: Log;
  }): ConfigurationWatcher {
    const watcher = new ConfigurationWatcher(options);
    watcher.#schedulePoll();
    void watcher.#listen();
    return watcher;
  }

  private constructor(options: {
    knex: Knex;
    configuration: Configuration;
    log: Log;
  }) {
    this.#knex = options.knex;
    this.#configuration = options.configuration;
    this.#log = options.log;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#poll);
    clearTimeout(this.#reconnect);
    const client = this.#client;
    this.#client = undefined;
    client?.removeAllListeners('end');
    await client?.end().catch(() => undefined);
  }

  #schedulePoll(): void {
    this.#poll = setTimeout(async () => {
      await this.#configuration.refresh();
      if (!this.#stopped) this.#schedulePoll();
    }, POLL_MS);
  }

  async #listen(): Promise<void> {
    let client: Client | undefined;
    try {
      // Outside the pool: it would be counted there, and closed when idle.
      client = (await this.#knex.client.acquireRawConnection()) as Client;
      if (this.#stopped) {
        await client.end();
        return;
      }
      const lost = (reason: unknown) => this.#lost(client, reason);
      client.on('error', lost);
      client.on('end', () => lost('the connection was closed'));
      client.on('notification', ({ channel }) => {
        if (channel === CONFIG_CHANNEL) void this.#configuration.refresh();
      });
      this.#client = client;
      await client.query(`LISTEN ${CONFIG_CHANNEL}`);
      this.#backoffMs = RECONNECT_MIN_MS;
      // What was said while nobody listened.
      await this.#configuration.refresh();
    } catch (error) {
      this.#lost(client, error);
    }
  }

  #lost(client: Client | undefined, reason: unknown): void {
    if (this.#stopped || this.#reconnect) return;
    if (client && client !== this.#client) return;
    this.#client = undefined;
    client?.removeAllListeners('end');
    client?.end().catch(() => undefined);
    this.#log.debug(
      { reason: reason instanceof Error ? reason.message : reason },
      'Not listening for configuration changes; trying again',
    );
    this.#reconnect = setTimeout(() => {
      this.#reconnect = undefined;
      void this.#listen();
    }, this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, RECONNECT_MAX_MS);
  }
}
