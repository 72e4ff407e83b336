// @ts-check
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';

const by = 'user:default/bench';
const project = 'bench';
const businessUnit = 'bench';
/** The model that is asked for. */
export const benchModel = 'bench';

/** So much that nothing is ever refused, and everything is counted. */
const plenty = '9000000000000000';
const plentyNanoUsd = '9000000000000000';

/**
 * Writes what the control plane would: a provider, models with prices, a project, keys, and limits and budgets on three levels.
 *
 * @param {object} options
 * @param {string} options.home of the gateway that was built
 * @param {import('pg').ClientConfig} options.connection
 * @param {string} options.pepper
 * @param {string} options.upstream
 * @param {number} options.keys
 * @param {number} options.models
 * @returns {Promise<string>} the API key to ask with
 */
export const seedDatabase = async ({
  home,
  connection,
  pepper,
  upstream,
  keys,
  models,
}) => {
  const require = createRequire(path.join(home, 'packages/gateway/dist/x.js'));
  const {
    applyMigrations,
    generateApiKey,
    KeyDigester,
  } = require('@ai-gateway/backstage-plugin-ai-gateway-node');
  const knex = require('knex')({ client: 'pg', connection });
  try {
    await applyMigrations(knex);
    const digester = KeyDigester.create([{ version: 1, secret: pepper }]);
    const made = Array.from({ length: keys }, () => generateApiKey());
    const asked = made[made.length >> 1];
    await knex.transaction(async (/** @type {any} */ tx) => {
      await tx('config_revision').increment('revision', 1);
      const [{ revision }] = await tx('config_revision').select('revision');
      const written = { created_by: by, updated_by: by };
      await tx('projects').insert({
        id: project,
        title: 'Bench',
        owner_ref: 'group:default/bench',
        business_unit: businessUnit,
        type: 'internal',
        ...written,
      });
      const providerId = randomUUID();
      await tx('providers').insert({
        id: providerId,
        name: 'bench',
        title: 'Bench',
        kind: 'openai-compatible',
        base_url: `${upstream}/v1`,
        secret_ref: 'env://BENCH_API_KEY',
        ...written,
      });
      await insertModels(tx, { models, providerId, written });
      await tx.batchInsert(
        'api_keys',
        made.map(({ id, lastFour }) => ({
          id,
          project_id: project,
          owner_kind: 'user',
          owner_ref: by,
          label: 'bench',
          last_four: lastFour,
          created_by: by,
          revision,
        })),
        2000,
      );
      await tx.batchInsert(
        'api_key_digests',
        made.map(({ id, apiKey }) => ({
          api_key_id: id,
          digest: digester.digest(apiKey).digest,
          pepper_version: 1,
        })),
        2000,
      );
      await insertLimits(tx, { keyId: asked.id, revision, written });
    });
    return asked.apiKey;
  } finally {
    await knex.destroy();
  }
};

/**
 * @param {any} tx
 * @param {{ models: number, providerId: string, written: object }} options
 */
const insertModels = async (tx, { models, providerId, written }) => {
  const ids = Array.from({ length: models }, (_, i) =>
    i === 0 ? benchModel : `${benchModel}-${i}`,
  );
  await tx.batchInsert(
    'models',
    ids.map(id => ({
      id,
      title: id,
      modality: 'chat',
      owner_ref: 'group:default/bench',
      lifecycle: 'production',
      ...written,
    })),
    500,
  );
  const deployments = ids.map(id => ({
    id: randomUUID(),
    model_id: id,
    provider_id: providerId,
    upstream_model: `upstream-${id}`,
    published: true,
    publication_changed_at: tx.fn.now(),
    publication_changed_by: by,
    ...written,
  }));
  await tx.batchInsert('deployments', deployments, 500);
  await tx.batchInsert(
    'prices',
    deployments.map(({ id }) => ({
      id: randomUUID(),
      deployment_id: id,
      effective_from: new Date('2026-01-01T00:00:00Z'),
      input_nano_usd_per_million: '1000000000',
      output_nano_usd_per_million: '2000000000',
      created_by: by,
    })),
    500,
  );
};

/**
 * Requests and tokens a minute, and a budget a month, for the key, the project and the organisation.
 *
 * @param {any} tx
 * @param {{ keyId: string, revision: string, written: object }} options
 */
const insertLimits = async (tx, { keyId, revision, written }) => {
  const subjects = [
    { subject_kind: 'key', subject_id: keyId },
    { subject_kind: 'project', subject_id: project },
    { subject_kind: 'organisation', subject_id: 'default' },
  ];
  await tx('limits').insert(
    subjects.flatMap(subject =>
      ['requests', 'tokens'].map(measure => ({
        id: randomUUID(),
        ...subject,
        measure,
        time_window: 'minute',
        amount: plenty,
        revision,
        ...written,
      })),
    ),
  );
  await tx('budgets').insert(
    subjects.map(subject => ({
      id: randomUUID(),
      ...subject,
      time_window: 'month',
      amount_nano_usd: plentyNanoUsd,
      thresholds: JSON.stringify([
        { percent: 80, action: 'notify' },
        { percent: 100, action: 'block' },
      ]),
      revision,
      ...written,
    })),
  );
};
