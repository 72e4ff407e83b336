import type {
  BodyCapturePolicy,
  RequestLogSettings,
  RequestLogStore,
} from '@ai-gateway/backstage-plugin-ai-gateway-node';
import type { Exchange } from '../http/exchange';
import type { KeyRecord } from '../keys/KeyRecord';
import type { RuleTable } from '../rules/RuleTable';
import type { Log } from '../telemetry/log';
import { capturePolicyOf } from './capturePolicyOf';
import {
  REQUEST_LOG_LIMITS,
  RequestLogBatcher,
  type RequestLogBatcherStats,
} from './RequestLogBatcher';
import { requestLogOf } from './requestLogOf';
import type { OnOver } from './RequestTrail';
import { SYSTEM_TIMERS } from './Timers';

/**
 * Keeps a record of every request whose key is known: those that were answered, and those that were refused.
 *
 * Apart from money in every way: no request waits for it, fails by it, or is billed from it.
 */
export class RequestLogs {
  readonly #store: RequestLogStore;
  readonly #batcher: RequestLogBatcher;
  readonly #default: BodyCapturePolicy;
  readonly #rules: Pick<RuleTable, 'of' | 'size' | 'version'>;
  /** As the rules of this version say. */
  #policies = new WeakMap<KeyRecord, BodyCapturePolicy>();
  #policiesVersion = -1;
  readonly #log: Log;
  /** Of all requests. */
  readonly #onOver: OnOver = (exchange, trail) => {
    try {
      this.#batcher.add(requestLogOf(exchange, trail));
    } catch (error) {
      // A bug, and one that must not cost more than a record.
      this.#log.error(
        { err: error, requestId: exchange.requestId },
        'A request could not be logged',
      );
    }
  };

  static create(options: {
    store: RequestLogStore;
    /** What of bodies is kept where no policy says. */
    capture: RequestLogSettings['capture'];
    rules: Pick<RuleTable, 'of' | 'size' | 'version'>;
    log: Log;
    random: () => number;
  }): RequestLogs {
    return new RequestLogs(options);
  }

  private constructor(options: {
    store: RequestLogStore;
    /** What of bodies is kept where no policy says. */
    capture: RequestLogSettings['capture'];
    rules: Pick<RuleTable, 'of' | 'size' | 'version'>;
    log: Log;
    random: () => number;
  }) {
    this.#store = options.store;
    this.#rules = options.rules;
    this.#log = options.log;
    this.#default = { ...options.capture, redact: null };
    this.#batcher = RequestLogBatcher.create({
      store: options.store,
      limits: REQUEST_LOG_LIMITS,
      timers: SYSTEM_TIMERS,
      random: options.random,
      log: options.log,
    });
  }

  /** Follows a request from the moment when it is known whose it is; its record is made when it is over. */
  follow(exchange: Exchange, key: KeyRecord): void {
    exchange.trail.follow(exchange, key, this.#policyOf(key), this.#onOver);
  }

  /** What of the bodies of a key's requests is kept; found once for each key, until rules change. */
  #policyOf(key: KeyRecord): BodyCapturePolicy {
    const { size, version } = this.#rules;
    if (size === 0) return this.#default;
    if (version !== this.#policiesVersion) {
      this.#policies = new WeakMap();
      this.#policiesVersion = version;
    }
    let policy = this.#policies.get(key);
    if (!policy) {
      policy = capturePolicyOf(
        key,
        subject => this.#rules.of(subject),
        this.#default,
      );
      this.#policies.set(key, policy);
    }
    return policy;
  }

  stats(): RequestLogBatcherStats {
    return this.#batcher.stats();
  }

  /** Sends what there is, but no longer than so many milliseconds. */
  async close(withinMs: number): Promise<void> {
    await this.#batcher.close(withinMs);
    await this.#store.close();
  }
}
