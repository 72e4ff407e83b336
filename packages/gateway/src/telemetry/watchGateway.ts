import type { Meter } from '../metering/Meter';
import type { ShipperStats } from '../metering/Shipper';
import type { RequestLogBatcherStats } from '../requestLogs/RequestLogBatcher';
import type { AppliedConfiguration } from '../snapshot/Configuration';
import { figure } from './metrics/Figure';
import type { Telemetry } from './Telemetry';

/** Those who keep figures of their own. */
export interface Watched {
  readonly configuration: {
    readonly applied: AppliedConfiguration;
    readonly problem: unknown;
  };
  readonly spool: { waitingBytes(): Promise<number> };
  readonly meter: Pick<Meter, 'problem'>;
  readonly shipper: { stats(): ShipperStats };
  readonly deadLetters: { readonly kept: number };
  readonly overload: {
    readonly pressure: string | null;
    readonly bodies: { readonly total: number };
  };
  readonly requestLogs: { stats(): RequestLogBatcherStats };
  readonly draining: () => boolean;
}

/** Has the figures of the gateway's parts told along with its own. */
export function watchGateway(telemetry: Telemetry, watched: Watched): void {
  watchConfiguration(telemetry, watched);
  watchUsage(telemetry, watched);
  watchRequestLogs(telemetry, watched);
  const { overload } = watched;
  telemetry.watch(
    figure(
      'gauge',
      'aigateway_overloaded',
      '1 while new requests are refused, as there is too much to do',
      () => Number(overload.pressure !== null),
      'max',
    ),
  );
  telemetry.watch(
    figure(
      'gauge',
      'aigateway_buffered_bytes',
      'Bytes of bodies in memory, of all requests together',
      () => overload.bodies.total,
    ),
  );
  telemetry.watch(
    figure(
      'gauge',
      'aigateway_draining',
      'Gateways that have been told to stop',
      () => Number(watched.draining()),
    ),
  );
}

function watchConfiguration(
  telemetry: Telemetry,
  { configuration }: Watched,
): void {
  const applied = () => configuration.applied;
  for (const watched of [
    figure(
      'gauge',
      'aigateway_configuration_revision',
      'The revision that is served; 0 before the first. Of several processes, the oldest',
      () => applied().revision,
      'min',
    ),
    figure(
      'gauge',
      'aigateway_configuration_applied_timestamp_seconds',
      'When it was applied',
      () => (applied().appliedAt ?? 0) / 1_000,
      'min',
    ),
    figure(
      'gauge',
      'aigateway_configuration_refused',
      '1 while the newest configuration is refused, and an older one served',
      () => Number(applied().refusedBecause !== null),
      'max',
    ),
    figure(
      'gauge',
      'aigateway_configuration_unreadable',
      '1 while the database cannot be read, and what is known of it served',
      () => Number(configuration.problem !== null),
      'max',
    ),
  ]) {
    telemetry.watch(watched);
  }
}

function watchUsage(
  telemetry: Telemetry,
  { spool, meter, shipper, deadLetters }: Watched,
): void {
  for (const watched of [
    figure(
      'gauge',
      'aigateway_spool_waiting_bytes',
      'Usage in the spool that the ledger may lack',
      () => spool.waitingBytes().catch(() => null),
    ),
    figure(
      'gauge',
      'aigateway_spool_unwritable',
      '1 while usage cannot be recorded, and so nothing is served',
      () => Number(meter.problem !== null),
      'max',
    ),
    figure(
      'counter',
      'aigateway_ledger_events_total',
      'Usage events brought to the ledger',
      () => shipper.stats().booked,
    ),
    figure(
      'counter',
      'aigateway_ledger_dead_letters_total',
      'Usage events that the ledger refused for good: they are in a file, and must be looked at',
      () => shipper.stats().deadLetters,
    ),
    figure(
      'gauge',
      'aigateway_ledger_dead_letters',
      'Usage events that the ledger refused for good and that nobody has dealt with yet',
      () => deadLetters.kept,
    ),
    figure(
      'gauge',
      'aigateway_ledger_unwritable',
      '1 while usage waits, as the ledger cannot be written to',
      () => Number(shipper.stats().failing),
      'max',
    ),
  ]) {
    telemetry.watch(watched);
  }
}

function watchRequestLogs(
  telemetry: Telemetry,
  { requestLogs }: Watched,
): void {
  const stats = () => requestLogs.stats();
  for (const watched of [
    figure(
      'gauge',
      'aigateway_request_logs_queued',
      'Request logs on their way to the store',
      () => stats().queued,
    ),
    figure(
      'gauge',
      'aigateway_request_logs_queued_bytes',
      'Memory that they take, at most',
      () => stats().queuedBytes,
    ),
    figure(
      'counter',
      'aigateway_request_logs_stored_total',
      'Request logs that the store has',
      () => stats().stored,
    ),
    figure(
      'counter',
      'aigateway_request_logs_dropped_total',
      'Request logs given up as there were too many',
      () => stats().dropped,
    ),
    figure(
      'counter',
      'aigateway_request_logs_refused_total',
      'Request logs that the store refused for what they are',
      () => stats().refused,
    ),
  ]) {
    telemetry.watch(watched);
  }
}
