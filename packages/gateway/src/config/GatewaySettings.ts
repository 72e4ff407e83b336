import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { join, resolve } from 'node:path';
import type { SpoolSync } from '../metering/spool/SpoolWriter';
import { workerSpool } from './workerSpool';
import {
  readOverloadSettings,
  type OverloadSettings,
} from './OverloadSettings';

/** What only the gateway reads from the configuration; times are in milliseconds. */
export interface GatewaySettings {
  readonly host: string;
  readonly port: number;
  readonly maxRequestBytes: number;
  /** Where the spool is, or those of all workers. */
  readonly spoolRoot: string;
  /** That of this process. */
  readonly spoolDirectory: string;
  readonly spoolSync: SpoolSync;
  /** A file of the spool that has grown to this is followed by a new one. */
  readonly spoolSegmentBytes: number;
  readonly upstream: UpstreamSettings;
  readonly client: ClientSettings;
  readonly overload: OverloadSettings;
  readonly clientAbort: ClientAbortSettings;
  /** How long it serves on once it is told to stop and says so, for load balancers to notice; before that a request may still come. */
  readonly announceMs: number;
  /** How long requests under way may take to finish once the gateway is told to stop. */
  readonly drainMs: number;
}

/** Which of several processes that serve this one is. */
export interface WorkerPlace {
  /** From 1 on. */
  readonly worker: number;
  readonly workers: number;
}

/** How long an upstream may take. */
export interface UpstreamSettings {
  readonly connectTimeoutMs: number;
  /** To the head of an answer. */
  readonly firstByteTimeoutMs: number;
  /** From the begin of an attempt to the first content of a stream. */
  readonly firstTokenTimeoutMs: number;
  /** Between two pieces of an answer. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
  /** The largest answer that is not streamed, and the largest event of one that is. */
  readonly maxAnswerBytes: number;
}

/** How long an upstream that is to finish may go on for a client that hung up, so that it tells the exact usage. */
export interface ClientAbortSettings {
  /** 0: never. */
  readonly drainMs: number;
  /** Of a stream, from when the client hung up. */
  readonly drainBytes: number;
}

/** How long a client may take. */
export interface ClientSettings {
  readonly headersTimeoutMs: number;
  /** For a request as a whole. */
  readonly requestTimeoutMs: number;
  /** Between two pieces of a body. */
  readonly bodyIdleTimeoutMs: number;
  /** To make room for more of an answer. */
  readonly stallTimeoutMs: number;
  /** One that waits for a stream gets a comment each time that this has passed without anything else; see `keepWaiting`. */
  readonly keepAliveMs: number;
}

/**
 * Reads `aiGateway.gateway`.
 *
 * @param cwd - what a relative spool directory is relative to
 * @param place - of this process, if it is one of several
 * @throws InputError that names the setting that is wrong
 */
export function readGatewaySettings(
  config: Config,
  cwd: string,
  place: WorkerPlace | null,
): GatewaySettings {
  const root = config.getOptionalConfig('aiGateway.gateway');
  const number = (path: string, otherwise: number, least: number = 1) => {
    const value = root?.getOptionalNumber(path) ?? otherwise;
    if (!Number.isInteger(value) || value < least) {
      throw new InputError(
        `aiGateway.gateway.${path} must be a whole number of at least ${least}, not ${value}`,
      );
    }
    return value;
  };
  const spoolRoot = resolve(
    cwd,
    root?.getOptionalString('spool.directory') ?? '.data/gateway/spool',
  );
  return {
    host: root?.getOptionalString('listen.host') ?? '127.0.0.1',
    port: number('listen.port', 4000, 0),
    maxRequestBytes: number('maxRequestBytes', 20 * 1024 * 1024),
    spoolRoot,
    spoolDirectory: place
      ? join(spoolRoot, workerSpool(place.worker))
      : spoolRoot,
    spoolSync: readSpoolSync(root),
    spoolSegmentBytes: 16 * 1024 * 1024,
    upstream: {
      connectTimeoutMs: number('upstream.connectTimeoutMs', 5_000),
      firstByteTimeoutMs: number('upstream.firstByteTimeoutMs', 120_000),
      firstTokenTimeoutMs: number('upstream.firstTokenTimeoutMs', 120_000),
      idleTimeoutMs: number('upstream.idleTimeoutMs', 60_000),
      totalTimeoutMs: number('upstream.totalTimeoutMs', 1_800_000),
      maxAnswerBytes: 64 * 1024 * 1024,
    },
    client: {
      headersTimeoutMs: 15_000,
      requestTimeoutMs: 120_000,
      bodyIdleTimeoutMs: 30_000,
      stallTimeoutMs: 60_000,
      keepAliveMs: number('client.keepAliveMs', 15_000),
    },
    overload: readOverloadSettings(config, place?.workers ?? 1),
    clientAbort: {
      drainMs: number('clientAbort.drainMs', 15_000, 0),
      drainBytes: number('clientAbort.drainBytes', 8 * 1024 * 1024),
    },
    announceMs: number('drain.announceMs', 5_000, 0),
    drainMs: number('drain.timeoutMs', 15_000),
  };
}

function readSpoolSync(root: Config | undefined): SpoolSync {
  const value = root?.getOptionalString('spool.sync') ?? 'always';
  if (value !== 'always' && value !== 'interval') {
    throw new InputError(
      `aiGateway.gateway.spool.sync must be 'always' or 'interval', not '${value}'`,
    );
  }
  return value;
}
