import type { Knex } from 'knex';
import type {
  DeploymentStateStore,
  ReportedState,
} from './DeploymentStateStore';

const TIMEOUT_MS = 3_000;
/** A statement has so many bindings at most, and a row ten of them. */
const BATCH = 1_000;

/** The states of deployments in PostgreSQL. */
export class DatabaseDeploymentStateStore implements DeploymentStateStore {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseDeploymentStateStore {
    return new DatabaseDeploymentStateStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async report(
    gatewayId: string,
    states: readonly ReportedState[],
    gone: readonly string[],
  ): Promise<void> {
    const date = (at: number | null) => (at === null ? null : new Date(at));
    for (let from = 0; from < states.length; from += BATCH) {
      const rows = states.slice(from, from + BATCH).map(state => ({
        gateway_id: gatewayId,
        deployment_id: state.deploymentId,
        state: state.state,
        since: date(state.since),
        until: date(state.until),
        reason: state.reason,
        first_token_ms: state.firstTokenMs,
        answer_ms: state.answerMs,
        in_flight: state.inFlight,
        // The database's clock, which is the one that everyone compares with.
        reported_at: this.#knex.fn.now(),
      }));
      await this.#knex('deployment_states')
        .insert(rows)
        .onConflict(['gateway_id', 'deployment_id'])
        .merge()
        .timeout(TIMEOUT_MS);
    }
    if (gone.length > 0) {
      await this.#knex('deployment_states')
        .where('gateway_id', gatewayId)
        .whereIn('deployment_id', gone)
        .delete()
        .timeout(TIMEOUT_MS);
    }
  }
}
