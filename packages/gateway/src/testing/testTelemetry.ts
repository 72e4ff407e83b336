import { Telemetry } from '../telemetry/Telemetry';

/** Telemetry that counts, and traces nothing. */
export function testTelemetry(): Telemetry {
  return Telemetry.create({
    settings: {
      metrics: {
        listen: null,
        token: null,
        allowLoopback: false,
        maxLabelSets: 2_000,
      },
      traces: null,
    },
    gatewayId: '',
    version: '',
    monotonic: () => performance.now(),
    modelOf: name => ({ id: name }),
  });
}
