import type { Knex } from 'knex';
import type { ProbeResult, ProbeStore } from './ProbeStore';

const TIMEOUT_MS = 3_000;
/** Any number that nothing else locks by. */
const LOCK = 5_021_130_417;
/** Gateways say everything again twice as often. */
const FRESH = '60 seconds';
/** In one turn; what is left over has its turn next. */
const MOST = 100;

/** Probes in PostgreSQL: an advisory lock, held for as long as a turn lasts, makes it one gateway that looks. */
export class DatabaseProbeStore implements ProbeStore {
  readonly #knex: Knex;

  static create(options: { knex: Knex }): DatabaseProbeStore {
    return new DatabaseProbeStore(options.knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async takeTurn(
    everyMs: number,
    probe: (due: readonly string[]) => Promise<readonly ProbeResult[]>,
  ): Promise<void> {
    await this.#knex.transaction(async tx => {
      const { rows } = await tx
        .raw<{
          rows: Array<{ mine: boolean }>;
        }>('SELECT pg_try_advisory_xact_lock(?) AS mine', [LOCK])
        .timeout(TIMEOUT_MS);
      if (!rows[0].mine) return;
      const due = await this.#due(tx, everyMs);
      if (due.length === 0) return;
      const results = await probe(due);
      if (results.length === 0) return;
      await tx('deployment_probes')
        .insert(
          results.map(({ deploymentId, alive, detail }) => ({
            deployment_id: deploymentId,
            // When that was found, and not when its transaction began.
            probed_at: tx.raw('clock_timestamp()'),
            alive,
            detail,
          })),
        )
        .onConflict('deployment_id')
        .merge()
        .timeout(TIMEOUT_MS);
    });
  }

  async alive(
    deploymentIds: readonly string[],
  ): Promise<ReadonlyArray<{ deploymentId: string; agoMs: number }>> {
    const rows: Array<{ deployment_id: string; ago_ms: number }> =
      await this.#knex('deployment_probes')
        .whereIn('deployment_id', [...deploymentIds])
        .where('alive', true)
        .select(
          'deployment_id',
          this.#knex.raw(
            '(extract(epoch FROM clock_timestamp() - probed_at) * 1000)::float AS ago_ms',
          ),
        )
        .timeout(TIMEOUT_MS);
    return rows.map(row => ({
      deploymentId: row.deployment_id,
      agoMs: row.ago_ms,
    }));
  }

  async #due(tx: Knex.Transaction, everyMs: number): Promise<string[]> {
    const rows: Array<{ id: string }> = await tx('deployment_states')
      .leftJoin(
        'deployment_probes',
        'deployment_probes.deployment_id',
        'deployment_states.deployment_id',
      )
      .where('deployment_states.state', 'open')
      .whereRaw(`reported_at > now() - interval '${FRESH}'`)
      .whereRaw(
        `(probed_at IS NULL OR probed_at < now() - make_interval(secs => ?))`,
        [everyMs / 1_000],
      )
      .distinct({ id: 'deployment_states.deployment_id' })
      .limit(MOST)
      .timeout(TIMEOUT_MS);
    return rows.map(row => row.id);
  }
}
