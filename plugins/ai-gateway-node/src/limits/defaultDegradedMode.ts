import type { LimitGauge } from './counters';
import type { DegradedMode } from './limitDefinition';

/** Unless it is declared otherwise, money stops while gateways cannot count together, and the rest goes on at a share. @public */
export function defaultDegradedMode({ measure }: LimitGauge): DegradedMode {
  return measure === 'money' ? { mode: 'deny' } : { mode: 'share' };
}
