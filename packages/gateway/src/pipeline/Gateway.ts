import type { Admissions } from '../admission/Admissions';
import type { OpenAdmissions } from '../admission/openAdmissions';
import type { GatewaySettings } from '../config/GatewaySettings';
import type { Credentials } from '../credentials/Credentials';
import type { KeyRing } from '../keys/KeyRing';
import type { Meter } from '../metering/Meter';
import type { Overload } from '../overload/Overload';
import type { RequestLogs } from '../requestLogs/RequestLogs';
import type { Configuration } from '../snapshot/Configuration';
import type { Log } from '../telemetry/log';
import type { Telemetry } from '../telemetry/Telemetry';
import type { DeploymentRouter } from '../upstream/DeploymentRouter';
import type { UpstreamPools } from '../upstream/UpstreamPools';

/** What the stages of the pipeline work with; built once. */
export interface Gateway {
  /** UUIDv7, new at each start. */
  readonly id: string;
  readonly settings: GatewaySettings;
  readonly configuration: Configuration;
  readonly keys: KeyRing;
  readonly credentials: Credentials;
  readonly upstreams: UpstreamPools;
  /** Decides whether a request may be made now. */
  readonly admissions: Admissions;
  /** What limits are counted with. */
  readonly limits: Pick<
    OpenAdmissions['limits'],
    'mode' | 'waiting' | 'onMode' | 'replicas'
  >;
  readonly router: DeploymentRouter;
  readonly meter: Meter;
  readonly deadLetters: { readonly kept: number };
  readonly requestLogs: RequestLogs;
  readonly overload: Overload;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Whether it has been told to stop. */
  readonly draining: () => boolean;
  /** Whether it has been told to stop, and says so at `/readyz`; for a while it serves on, until nobody sends it anything more. */
  readonly leaving: () => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** From 0 to just below 1. */
  readonly random: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
}
