import type { DeploymentState } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** How a gateway finds a deployment, as it last reported. */
export interface DeploymentStateRecord {
  readonly gatewayId: string;
  readonly state: DeploymentState;
  readonly since: Date;
  readonly until: Date | null;
  readonly reason: string | null;
  readonly firstTokenMs: number | null;
  readonly answerMs: number | null;
  readonly inFlight: number;
  readonly reportedAt: Date;
}

/** How gateways find deployments; they write it themselves. */
export interface DeploymentStateStore {
  /** What gateways that used a deployment say of it. */
  of(deploymentId: string): Promise<DeploymentStateRecord[]>;
}
