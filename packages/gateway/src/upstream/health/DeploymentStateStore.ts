import type { DeploymentState } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** How a gateway finds a deployment, for others to see; times are milliseconds since the epoch. */
export interface ReportedState {
  readonly deploymentId: string;
  readonly state: DeploymentState;
  readonly since: number;
  readonly until: number | null;
  readonly reason: string | null;
  readonly firstTokenMs: number | null;
  readonly answerMs: number | null;
  readonly inFlight: number;
}

/** Where gateways report how they find their deployments. */
export interface DeploymentStateStore {
  /**
   * Reports some of them, as found now.
   *
   * @param gone - deployments that there is nothing more to say of
   * @throws while this gateway itself has not been reported
   */
  report(
    gatewayId: string,
    states: readonly ReportedState[],
    gone: readonly string[],
  ): Promise<void>;
}
