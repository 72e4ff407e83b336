import type { CountingMode } from '../limits/openLimiter';
import { figure } from './metrics/Figure';
import type { Telemetry } from './Telemetry';

/** What limits are counted with, as far as it is watched. */
export interface WatchedLimits {
  readonly limits: {
    readonly mode: () => CountingMode;
    readonly waiting: () => number;
  };
  readonly admissions: { readonly held: number };
}

/** Has the figures of limits told along with the others. */
export function watchLimits(
  telemetry: Telemetry,
  { limits, admissions }: WatchedLimits,
): void {
  for (const watched of [
    figure(
      'gauge',
      'aigateway_limits_degraded',
      '1 while limits should be counted together and Redis does not answer',
      () => Number(limits.mode() === 'degraded'),
      'max',
    ),
    figure(
      'gauge',
      'aigateway_limits_shared',
      '1 while limits are counted together with other gateways',
      () => Number(limits.mode() === 'shared'),
      'min',
    ),
    figure(
      'gauge',
      'aigateway_limits_settlements_waiting',
      'Settlements that Redis has yet to be told',
      () => limits.waiting(),
    ),
    figure(
      'gauge',
      'aigateway_limits_holds',
      'Requests under way that have something reserved',
      () => admissions.held,
    ),
  ]) {
    telemetry.watch(watched);
  }
}
