import type { Knex } from 'knex';
import type {
  DeploymentStateRecord,
  DeploymentStateStore,
} from './DeploymentStateStore';

/** Reads how gateways find deployments from PostgreSQL. */
export class DatabaseDeploymentStateStore implements DeploymentStateStore {
  readonly #db: Knex;

  static create(db: Knex): DatabaseDeploymentStateStore {
    return new DatabaseDeploymentStateStore(db);
  }

  private constructor(db: Knex) {
    this.#db = db;
  }

  async of(deploymentId: string): Promise<DeploymentStateRecord[]> {
    return this.#db('deployment_states')
      .where({ deployment_id: deploymentId })
      .select<DeploymentStateRecord[]>({
        gatewayId: 'gateway_id',
        state: 'state',
        since: 'since',
        until: 'until',
        reason: 'reason',
        firstTokenMs: 'first_token_ms',
        answerMs: 'answer_ms',
        inFlight: 'in_flight',
        reportedAt: 'reported_at',
      });
  }
}
