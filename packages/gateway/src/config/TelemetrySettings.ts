import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** Where figures and traces go. */
export interface TelemetrySettings {
  readonly metrics: MetricsSettings;
  /** `null`: nothing is traced. */
  readonly traces: TraceSettings | null;
}

/** Who may read `/metrics`: whoever reaches the listener of its own if there is one; otherwise those who are named here. */
export interface MetricsSettings {
  /** `null`: on the port of the gateway. */
  readonly listen: { readonly host: string; readonly port: number } | null;
  /** On the port of the gateway: those who send this as a bearer token. */
  readonly token: string | null;
  /** On the port of the gateway: anyone on this machine, a proxy that runs on it included. */
  readonly allowLoopback: boolean;
  /** Sets of labels that one metric keeps apart. */
  readonly maxLabelSets: number;
}

export interface TraceSettings {
  /** Where spans are sent, by OTLP over HTTP. */
  readonly tracesUrl: string;
  /** From 0 to 1: the part of requests that is traced, of those whose clients do not say. */
  readonly sampleRatio: number;
  /** Whether providers are told of the trace. */
  readonly propagate: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

const ROOT = 'aiGateway.gateway';

/**
 * Reads `aiGateway.gateway.metrics` and `.telemetry`, and OpenTelemetry's own variables where these are silent.
 *
 * @throws InputError that names the setting that is wrong
 */
export function readTelemetrySettings(
  config: Config,
  env: Env,
): TelemetrySettings {
  return {
    metrics: readMetrics(config, env),
    traces: readTraces(config, env),
  };
}

function readMetrics(config: Config, env: Env): MetricsSettings {
  const path = `${ROOT}.metrics`;
  const metrics = config.getOptionalConfig(path);
  const listen = metrics?.getOptionalConfig('listen');
  const tokenRef = metrics?.getOptionalString('tokenRef');
  return {
    listen: listen
      ? {
          host: listen.getOptionalString('host') ?? '127.0.0.1',
          port: listen.getNumber('port'),
        }
      : null,
    token: tokenRef === undefined ? null : readToken(tokenRef, env),
    allowLoopback: metrics?.getOptionalBoolean('allowLoopback') ?? false,
    maxLabelSets: 2_000,
  };
}

function readToken(tokenRef: string, env: Env): string {
  const path = `${ROOT}.metrics.tokenRef`;
  const name = /^env:\/\/([A-Z_][A-Z0-9_]*)$/.exec(tokenRef)?.[1];
  if (!name) throw new InputError(`${path}: use env://NAME`);
  const token = env[name];
  if (!token || token.length < 16) {
    throw new InputError(
      `${path}: the environment variable ${name} must hold at least 16 characters; make a token with: openssl rand -hex 32`,
    );
  }
  return token;
}

function readTraces(config: Config, env: Env): TraceSettings | null {
  const telemetry = config.getOptionalConfig(`${ROOT}.telemetry`);
  const tracesUrl = tracesUrlOf(
    telemetry?.getOptionalString('otlpEndpoint'),
    env,
  );
  if (tracesUrl === null || env.OTEL_SDK_DISABLED === 'true') return null;
  if (!URL.canParse(tracesUrl)) {
    throw new InputError(
      `${ROOT}.telemetry.otlpEndpoint must be a URL, not '${tracesUrl}'`,
    );
  }
  const sampleRatio =
    telemetry?.getOptionalNumber('sampleRatio') ?? ratioOf(env);
  if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
    throw new InputError(
      `${ROOT}.telemetry.sampleRatio must be from 0 to 1, not ${sampleRatio}`,
    );
  }
  return {
    tracesUrl,
    sampleRatio,
    propagate: telemetry?.getOptionalBoolean('propagate') ?? true,
  };
}

function tracesUrlOf(endpoint: string | undefined, env: Env): string | null {
  const below = (base: string) => `${base.replace(/\/+$/, '')}/v1/traces`;
  if (endpoint) return below(endpoint);
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) {
    return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  }
  return env.OTEL_EXPORTER_OTLP_ENDPOINT
    ? below(env.OTEL_EXPORTER_OTLP_ENDPOINT)
    : null;
}

function ratioOf(env: Env): number {
  switch (env.OTEL_TRACES_SAMPLER) {
    case 'always_off':
    case 'parentbased_always_off':
      return 0;
    case 'traceidratio':
    case 'parentbased_traceidratio':
      return Number(env.OTEL_TRACES_SAMPLER_ARG ?? 1);
    default:
      return 1;
  }
}
