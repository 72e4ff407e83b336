import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { totalmem } from 'node:os';

/** From when on new requests are refused. */
export interface OverloadSettings {
  /** Requests under way at a time, streams included. */
  readonly maxRequests: number;
  /** Bytes of bodies in memory, of all requests together. */
  readonly maxBufferedBytes: number;
  /** Resident memory of the process. */
  readonly maxMemoryBytes: number;
  /** How late the event loop may be, on the average of a quarter of a second. */
  readonly maxEventLoopLagMs: number;
}

/** Of what the process may have; the rest is for what cannot be refused. */
const MEMORY_PART = 0.85;
const MB = 1024 * 1024;

/**
 * Reads `aiGateway.gateway.overload`.
 *
 * @param workers - processes that share the machine; what is set holds for each of them
 * @throws InputError that names the setting that is wrong
 */
export function readOverloadSettings(
  config: Config,
  workers: number,
): OverloadSettings {
  const path = 'aiGateway.gateway.overload';
  const overload = config.getOptionalConfig(path);
  const number = (name: string, otherwise: number) => {
    const value = overload?.getOptionalNumber(name) ?? otherwise;
    if (!Number.isInteger(value) || value < 1) {
      throw new InputError(
        `${path}.${name} must be a whole number of at least 1, not ${value}`,
      );
    }
    return value;
  };
  return {
    maxRequests: number('maxRequests', 4_000),
    maxBufferedBytes: number('maxBufferedBytes', 512 * MB),
    maxMemoryBytes: number(
      'maxMemoryBytes',
      Math.floor((memoryOfMachine() * MEMORY_PART) / workers),
    ),
    maxEventLoopLagMs: number('maxEventLoopLagMs', 500),
  };
}

/** What a container is held to, or else what the machine has. */
function memoryOfMachine(): number {
  const held = process.constrainedMemory();
  return held > 0 && held < totalmem() ? held : totalmem();
}
