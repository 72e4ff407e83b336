import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { BODY_CAPTURE_MODES, type BodyCaptureMode } from './capture';

const PATH = 'aiGateway.requestLogs';
const SECRET_REF = /^env:\/\/[A-Z_][A-Z0-9_]*$/;
const DEFAULT_RETENTION_DAYS = 30;
const DEFAULT_CAPTURE_BYTES = 65_536;
/** A body that is kept is in memory until its record is stored. */
const MOST_CAPTURE_BYTES = 1_048_576;

/** Where ClickHouse is, and where its credentials are found; never the credentials. @public */
export interface ClickHouseRequestLogSettings {
  readonly kind: 'clickhouse';
  readonly url: string;
  readonly database: string;
  /** `env://NAME` */
  readonly usernameRef: string | null;
  /** `env://NAME` */
  readonly passwordRef: string | null;
}

/** @public */
export interface RequestLogSettings {
  readonly store:
    { readonly kind: 'postgresql' } | ClickHouseRequestLogSettings;
  readonly capture: {
    readonly mode: BodyCaptureMode;
    readonly maxBytes: number;
  };
  readonly retentionDays: number;
}

/**
 * Reads `aiGateway.requestLogs`:
 *
 * ```yaml
 * aiGateway:
 *   requestLogs:
 *     store: postgresql          # or clickhouse
 *     clickhouse:
 *       url: https://clickhouse.example.com:8443
 *       database: ai_gateway     # default
 *       usernameRef: env://CLICKHOUSE_USER
 *       passwordRef: env://CLICKHOUSE_PASSWORD
 *     capture: off               # or metadata, full
 *     captureMaxBytes: 65536     # of each body
 *     retentionDays: 30
 * ```
 *
 * `off` without quotes is read by YAML as `false`, which is taken for what it means.
 *
 * @throws InputError that names the setting when one is missing or wrong
 * @public
 */
export function readRequestLogSettings(config: Config): RequestLogSettings {
  const store = config.getOptionalString(`${PATH}.store`) ?? 'postgresql';
  if (store !== 'postgresql' && store !== 'clickhouse') {
    throw new InputError(`${PATH}.store: use postgresql or clickhouse`);
  }
  return {
    store:
      store === 'postgresql' ? { kind: 'postgresql' } : readClickHouse(config),
    capture: {
      mode: readCaptureMode(config),
      maxBytes: readWhole(config, 'captureMaxBytes', {
        fallback: DEFAULT_CAPTURE_BYTES,
        most: MOST_CAPTURE_BYTES,
      }),
    },
    retentionDays: readWhole(config, 'retentionDays', {
      fallback: DEFAULT_RETENTION_DAYS,
      most: 3_650,
    }),
  };
}

function readClickHouse(config: Config): ClickHouseRequestLogSettings {
  const path = `${PATH}.clickhouse`;
  const text = config.getOptionalString(`${path}.url`);
  if (text === undefined) {
    throw new InputError(
      `${path}.url: missing, and needed by store: clickhouse`,
    );
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InputError(`${path}.url: use http://… or https://…`);
  }
  if (url.username || url.password) {
    throw new InputError(
      `${path}.url: holds a credential; use usernameRef and passwordRef`,
    );
  }
  const database = config.getOptionalString(`${path}.database`) ?? 'ai_gateway';
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(database)) {
    throw new InputError(`${path}.database: use letters, digits and _`);
  }
  return {
    kind: 'clickhouse',
    url: text,
    database,
    usernameRef: readSecretRef(config, `${path}.usernameRef`),
    passwordRef: readSecretRef(config, `${path}.passwordRef`),
  };
}

function readSecretRef(config: Config, path: string): string | null {
  const secretRef = config.getOptionalString(path);
  if (secretRef === undefined) return null;
  // The value is not repeated: it may be the secret itself, put here by mistake.
  if (!SECRET_REF.test(secretRef)) {
    throw new InputError(`${path}: use env://NAME`);
  }
  return secretRef;
}

function readCaptureMode(config: Config): BodyCaptureMode {
  const value = config.getOptional(`${PATH}.capture`) ?? false;
  const mode = BODY_CAPTURE_MODES.find(
    known => known === (value === false ? 'off' : value),
  );
  if (mode === undefined) {
    throw new InputError(
      `${PATH}.capture: use ${BODY_CAPTURE_MODES.join(', ')}`,
    );
  }
  return mode;
}

function readWhole(
  config: Config,
  name: string,
  options: { fallback: number; most: number },
): number {
  const value = config.getOptionalNumber(`${PATH}.${name}`) ?? options.fallback;
  if (!Number.isInteger(value) || value < 1 || value > options.most) {
    throw new InputError(
      `${PATH}.${name}: use a whole number from 1 to ${options.most}`,
    );
  }
  return value;
}
